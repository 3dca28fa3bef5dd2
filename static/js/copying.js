// A link that is shown once is copied by a button; without it, it is text that can be selected.

on("click", async ({ target }) => {
  if (!target.matches(".copy")) return;
  const shown = $("textarea", target.previousElementSibling);
  shown.select();
  await navigator.clipboard.writeText(shown.value);
  target.textContent = target.dataset.done;
  say(target.dataset.done);
});

if (navigator.clipboard) for (const button of all(".copy")) button.hidden = false;
