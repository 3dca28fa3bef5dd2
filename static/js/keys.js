// The keys; templates/queue/_keys.html explains them to people.

const KEYS = {
  j: () => focusOn(neighbour(1)),
  k: () => focusOn(neighbour(-1)),
  r: () => press(".release"),
  e: () => press(".keep"),
  h: () => press(".hold") || pointToOwnPage(),
  x: () => askForRule("remove"), // then its number
  t: () => askForRule("tag"), // then its number
  z: () => takeBack(),
  s: () => $(".pick input", currentCard())?.click(),
  o: () => $(".open", currentCard())?.click(),
  "/": () => search(),
  g: () => (begun = "go"), // then one of PLACES
  "?": () => $("#keys").togglePopover(),
};
const PLACES = {
  n: ".lists .incoming",
  h: ".lists .held",
  r: ".lists .reported",
  d: ".lists .tasks",
  m: ".more [href='/queue/mine']",
};
const FOR_A_CARD = "rehxtso";
const TYPING = "input:not([type=checkbox]), textarea, select";

on("keydown", (event) => {
  const { target } = event;
  const key = keyOf(event);
  if (key !== "z") $("#taken-back")?.replaceChildren();
  if (key === "Escape") {
    forget();
    if (target.matches("input")) target.blur();
    else focusOn(currentCard());
    return;
  }
  if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
  if (target.matches(TYPING)) return;
  if (event.repeat && !"jk".includes(key)) return; // one press, one decision
  if (begun && key.length === 1 && key !== " ") {
    event.preventDefault();
    complete(key);
    return;
  }
  if (!Object.hasOwn(KEYS, key)) return;
  if ($("#keys:popover-open") && key !== "?") return;
  event.preventDefault();
  const isBlind = FOR_A_CARD.includes(key) && !currentCard() && !several();
  if (isBlind) focusOn($(".card")); // first see it, then decide
  else KEYS[key]();
});

// A Latin letter means itself, with Caps Lock too; in another alphabet the place of the key counts.
function keyOf({ key, code }) {
  if (key.length > 1) return key;
  const isOfAnotherAlphabet = /\p{Letter}/u.test(key) && !/\p{Script=Latin}/u.test(key);
  return isOfAnotherAlphabet ? code.replace("Key", "").toLowerCase() : key.toLowerCase();
}

// A decided card hides its buttons: what they would do now is not what was meant.
function press(selector) {
  const buttons = all(selector, several() || currentCard());
  const button = buttons.find((each) => each.checkVisibility());
  button?.click();
  return button;
}

// A unit's post is removed and held only on its own page; the card says so, and leads there.
function pointToOwnPage() {
  const link = !several() && $(".own-page", currentCard());
  if (!link?.checkVisibility()) return;
  focusOn(link);
  say(link.textContent.trim());
}

function search() {
  if ($("#search")) $("#search").focus();
  else location.href = "/queue/all";
}

// On a card that shows its Undo, that one; else one's newest decision, which the server finds.
function takeBack() {
  const undo = $(".undo.mine", currentCard() ?? $("#take-back"));
  const form = $("#take-back");
  if (undo) {
    focusOn(undo.closest(".card"));
    undo.click();
  } else if ($(":is(.decide, .several, .undoing).htmx-request, .unsent")) {
    say(form.dataset.busy);
  } else if (!form.matches(".htmx-request")) {
    $("button", form).click();
  }
}
