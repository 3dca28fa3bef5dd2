// After a decision the next card takes the focus; nothing scrolls unless it must.
document.addEventListener("htmx:after:swap", (event) => {
  const card = event.target.closest?.(".card");
  if (!card) return;
  let next = card.nextElementSibling;
  while (next?.classList.contains("decided")) next = next.nextElementSibling;
  (card.querySelector(".refusal") ? card : next ?? card).focus({ preventScroll: true });
  const outcome = card.querySelector(".refusal, .outcome span")?.textContent;
  if (outcome) document.getElementById("announcements").textContent = outcome;
});
