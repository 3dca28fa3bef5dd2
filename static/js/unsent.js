// A decision that did not get through says so on its card, waits there, and is sent again.
// The form keeps its key, so that it is the same decision, whether or not the first one arrived.

let wait = 1000; // milliseconds; doubled for each try

on("htmx:before:request", (event) => {
  const { sourceElement: form, target, request } = event.detail.ctx;
  moving(form, () => {
    $(".unsent", form)?.remove();
    $(":scope > .error", target)?.remove();
  });
  $(".rules:popover-open", form)?.hidePopover(); // the answer may be an error behind it
  if (!form.matches(".decide, .several, .undoing")) return;
  if (form.again) {
    request.body.delete("entry");
    for (const entry of form.chosen) request.body.append("entry", entry);
  }
  form.again = false;
  form.chosen = request.body.getAll("entry"); // what is ticked later was not meant
  form.dataset.sent = request.body.get("decision");
});

on("htmx:error", ({ detail }) => {
  if (detail.ctx && !detail.ctx.response) notSent(detail.ctx);
});

function notSent({ sourceElement: form, target }) {
  if (form.id === "pill") return;
  const isDecision = form.dataset.sent;
  const note = $(isDecision ? "#unsent" : "#unanswered").content.cloneNode(true);
  moving(form, () => (isDecision ? form : target).prepend(note));
  if (!isDecision) return;
  if (isLost(form)) focusOn(form.closest(".card") ?? form);
  wait = Math.min(wait * 2, 60000);
  setTimeout(sendAgain, wait);
}

function sendAgain() {
  for (const note of all(".unsent")) {
    const form = note.closest("form");
    const buttons = all("button[name=decision]", form);
    form.again = true;
    buttons.find((each) => each.value === form.dataset.sent)?.click();
  }
}

on("click", ({ target }) => {
  if (target.matches(".again")) sendAgain();
});

addEventListener("online", sendAgain);
addEventListener("beforeunload", (event) => {
  if ($(".unsent")) event.preventDefault(); // the browser asks
});
