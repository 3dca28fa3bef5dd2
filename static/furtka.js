// After a decision the next card takes the focus; nothing scrolls unless it must.
document.addEventListener("htmx:after:swap", (event) => {
  const card = event.target.closest?.(".card");
  if (!card) return;
  let next = card.nextElementSibling;
  while (next?.classList.contains("decided")) next = next.nextElementSibling;
  if (!next?.matches(".card") || card.querySelector(".refusal, .error")) next = card;
  next.focus({ preventScroll: true });
  say(card.querySelector(".refusal, .error p, .outcome span")?.textContent);
});

// A decision that did not get through says so on its card. The form keeps its key, so that a second
// click is the same decision, whether or not the first one arrived.
document.addEventListener("htmx:error", (event) => {
  const form = event.target.closest?.("form.decide");
  if (!form || event.detail?.ctx?.response) return;
  let note = form.querySelector(".unsent");
  if (!note) {
    note = document.createElement("p");
    note.className = "refusal unsent";
    form.prepend(note);
  }
  note.textContent = form.dataset.unsent;
  say(note.textContent);
});

document.addEventListener("htmx:before:request", (event) => {
  event.target.closest?.("form.decide")?.querySelector(".unsent")?.remove();
});

function say(text) {
  if (text) document.getElementById("announcements").textContent = text;
}
