// Several at once: the form for what is ticked.

const several = () => $(".pick :checked") && $("#several");

function severalDecided() {
  settle($("main")); // the bar is gone, and what it lay on is under the finger
  countChosen();
  const card = currentCard();
  focusOn(card?.matches(".decided") ? nextAfter(card) : card);
}

function countChosen() {
  const chosen = all(".pick :checked").length;
  $("#several")?.classList.toggle("open", chosen > 0);
  if ($(".chosen b")) $(".chosen b").textContent = chosen;
}

on("change", ({ target }) => {
  if (target.matches(".pick input")) countChosen();
});
