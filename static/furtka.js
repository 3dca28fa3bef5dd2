// After a decision the next card takes the focus; nothing scrolls unless it must.
document.addEventListener("htmx:after:swap", (event) => {
  const source = event.detail?.ctx?.sourceElement;
  if (!source?.classList?.contains("decide")) return;
  const id = source.action.match(/entries\/(\d+)/)?.[1];
  const card = document.getElementById(`entry-${id}`);
  let next = card?.nextElementSibling;
  while (next?.classList.contains("decided")) next = next.nextElementSibling;
  (card?.querySelector(".refusal") ? card : next ?? card)?.focus({ preventScroll: true });
  const outcome = card?.querySelector(".refusal, .outcome span")?.textContent;
  if (outcome) document.getElementById("announcements").textContent = outcome;
});
