// What has come under a finger by itself takes no tap for a moment. For what appears, card.css says
// so; this is for what something else on the page moves or replaces.

let places; // where the cards stood before the change, by id

const placeOf = (card) => card.getBoundingClientRect().top;

function beforeMoving() {
  places = new Map(all(".card").map((card) => [card.id, placeOf(card)]));
}

// `changed` cards have something else inside now, even where they stand as before.
function settle(...changed) {
  const moved = all(".card").filter((card) => placeOf(card) !== places.get(card.id));
  for (const each of new Set([...changed, ...moved])) {
    each.animate({ pointerEvents: ["none", "none"] }, 400);
  }
}

function moving(form, change) {
  beforeMoving();
  change();
  settle(form.closest(".card") ?? form);
}
