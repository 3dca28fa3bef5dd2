// The sheets of rules, and all that takes a second key.

let begun = ""; // what the second key completes: "remove", "tag" or "go"

function complete(key) {
  const toPlace = begun === "go";
  forget();
  if (toPlace) {
    if (Object.hasOwn(PLACES, key)) $(PLACES[key])?.click();
    return;
  }
  const sheet = document.activeElement.closest(".rules");
  const button = /[1-9]/.test(key) && sheet && all("button", sheet)[key - 1];
  if (button) button.click();
  else focusOn(currentCard()); // else Enter would take the rule that has the focus
}

function forget() {
  begun = "";
  for (const sheet of all(".asked")) sheet.classList.remove("asked");
  catchUp();
}

function askForRule(verb) {
  if (!several() && currentCard()?.matches(".decided")) return;
  const sheet = sheetFor(verb);
  if (!sheet) {
    pointToOwnPage();
    return;
  }
  begun = verb;
  if (getComputedStyle(sheet).display === "none") sheet.showPopover();
  sheet.classList.add("asked");
  sheet.tabIndex = -1;
  ($(".suggested", sheet) ?? sheet).focus(); // only what a screener suggests is chosen already
}

function sheetFor(verb) {
  if (verb === "tag" && !several()) return tagSheet(currentCard());
  return $(`.rules[id^=${verb}-]`, several() || currentCard());
}

// In a list, a card takes its copy of the group's sheet when it is asked for.
function tagSheet(card) {
  const form = $(".decide", card);
  const link = $("a.tag", card);
  if (link && !$(".tagging", form)) {
    form.append($(`#tags-${link.dataset.group}`).content.cloneNode(true));
  }
  return $(".tagging", form);
}

on("click", (event) => {
  if (!event.target.matches("a.tag")) return;
  event.preventDefault();
  tagSheet(event.target.closest(".card")).showPopover();
});

// The page has one sheet of topics, for the card that asks. A decided card would lose its Undo, so
// it leads to the entry's page, which has a form of its own.
on("click", (event) => {
  const link = event.target.closest("a.topic");
  const form = $("#topic[hx-post]");
  if (!link || !form || link.closest(".decided")) return;
  event.preventDefault();
  form.setAttribute("hx-post", `${link.pathname}/topic`);
  form.setAttribute("hx-target", `#${link.closest(".card").id}`);
  const sheet = $(".topics", form);
  for (const each of all("button", sheet)) each.ariaPressed = each.value === link.dataset.topic;
  sheet.showPopover();
  ($("[aria-pressed=true]", sheet) ?? $("button", sheet)).focus();
});

on("focusin", ({ target }) => {
  if (begun && begun !== "go" && !target.closest(".asked")) forget();
});
