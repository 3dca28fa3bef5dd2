// After a decision the next card takes the focus; the page scrolls only for the keyboard.

let current = null; // the id of the card that the keys mean
let byKey = false;

addEventListener("pointerdown", () => (byKey = false));
addEventListener("keydown", () => (byKey = true), true);

on("focusin", ({ target }) => {
  current = target.closest(".card")?.id ?? current;
});

function currentCard() {
  return document.activeElement.closest?.(".card") ?? (current && $(`#${current}`));
}

function focusOn(element) {
  if (!element) return;
  if (element.matches(".card")) current = element.id;
  element.focus({ preventScroll: true });
  if (byKey) element.scrollIntoView({ block: "nearest" });
}

// What had the focus is gone; who has gone on to something else is left there.
function isLost(within) {
  const focused = document.activeElement;
  return focused === document.body || within.contains(focused);
}

function nextAfter(card) {
  let next = card.nextElementSibling;
  while (next?.matches(".decided")) next = next.nextElementSibling;
  if (next?.matches(".card")) return next;
  return $(".next a") ?? card;
}

// The next card, or with -1 the one before.
function neighbour(by) {
  const cards = all(".card");
  const at = cards.indexOf(currentCard());
  if (at < 0) return cards[0];
  if (cards[at + by]) return cards[at + by];
  if (by > 0) return $(".next a") ?? cards[at];
}
