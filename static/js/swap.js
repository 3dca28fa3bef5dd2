// What becomes of cards when an answer takes their place.

const swapped = new Map(); // cards about to be swapped, by id: how they were

// A proxy's page, say, is not ours.
const isOurs = ({ response }) => response?.headers.get("X-Furtka");

on("htmx:before:swap", (event) => {
  const { ctx, tasks } = event.detail;
  if (ctx.response && !isOurs(ctx)) {
    event.preventDefault();
    notSent(ctx);
    return;
  }
  if (ctx.sourceElement.id === "pill") fetched(tasks);
  beforeMoving();
  for (const { target } of tasks) {
    if (target?.matches?.(".card")) remember(target); // none, where the page does not show it
  }
});

function remember(card) {
  behind.delete(card.id);
  swapped.set(card.id, {
    height: card.getBoundingClientRect().height,
    ticked: $(".pick :checked", card)?.value,
    focused: card.contains(document.activeElement),
  });
}

on("htmx:after:swap", ({ target }) => {
  const cards = [...swapped.keys()].map((id) => $(`#${id}`)).filter(Boolean);
  for (const { id, style } of cards) {
    style.minHeight = `${swapped.get(id).height}px`;
    style.contentVisibility = "visible"; // else its height is guessed until the next frame
  }
  settle(...cards);
  if (target.id === "pill") cards.forEach(goOn);
  swapped.clear();
  if (target.closest("#several")) severalDecided();
  else if (target.id === "take-back") takenBack(cards);
  else if (target.id === "topic") cards.forEach(answered);
  else if (target.matches(".card")) answered(target);
});

// Somebody else's change came: the focus stays, and the tick, unless it was for an older version.
function goOn(card) {
  const was = swapped.get(card.id);
  const box = $(".pick input", card);
  if (box) box.checked = box.value === was.ticked;
  countChosen();
  if (was.focused) focusOn(card);
  say($(".delivery.failed", card)?.textContent);
}

function answered(card) {
  wait = 1000;
  const isDecided = card.matches(".decided"); // not, if it was refused
  say($(".topic.new, .refusal, .error p, .outcome span", card)?.textContent);
  if (isLost(card)) focusOn(isDecided ? nextAfter(card) : card);
}

function takenBack([card]) {
  say($("#taken-back").textContent.replace(/\s+/g, " "));
  focusOn(card);
}
