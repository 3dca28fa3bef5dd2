// Cards that others changed are fetched anew.

const behind = new Set(); // ids of cards whose change is still to be fetched
let fetching = null; // ids of those on their way

// What is sent brings its card anew by itself; an open sheet stays open.
const isBusy = (card) => $(".htmx-request, .unsent, .rules:popover-open, .asked", card);

// Only what became of a delivery is news: a card that does not show that stays as it is.
function renewDelivery(id) {
  renewTasks(id);
  const words = $(`#entry-${id} .delivery`);
  const outcome = words?.closest(".outcome");
  const options = { source: outcome, target: outcome, select: ".outcome", swap: "outerHTML" };
  if (words && $(".cards")) behind.add(`entry-${id}`);
  else if (words) htmx.ajax("GET", location.href, options);
}

// A task as it now is; not while somebody writes in it why it cannot be done.
function renewTasks(id) {
  for (const task of all(`.task[data-entry="${id}"]`)) {
    if ($(".htmx-request, details[open]", task)) continue;
    const options = { source: task, target: task, select: `#${task.id}`, swap: "outerHTML" };
    htmx.ajax("GET", task.dataset.now, options);
  }
}

function catchUp() {
  const cards = [...behind].map((id) => $(`#${id}`)).filter((each) => each && !isBusy(each));
  if (fetching || !cards.length) return;
  if (!$(".cards")) {
    behind.clear(); // an entry's own page shows more than its card
    isStale = true;
    showPill();
    return;
  }
  fetching = cards.slice(0, 50).map((each) => each.id);
  const query = fetching.map((id) => `id=${id.slice("entry-".length)}&`).join("");
  const options = { source: "#pill", target: "#pill", swap: "none" };
  htmx.ajax("GET", `/queue/cards?${query}since=${since}`, options);
}

// Cards that have become busy meanwhile are fetched once more, later.
function fetched(tasks) {
  for (const id of fetching) behind.delete(id);
  for (const task of tasks.filter(({ target }) => isBusy(target))) {
    behind.add(task.target.id);
    tasks.splice(tasks.indexOf(task), 1);
  }
}

on("htmx:finally:request", ({ target, detail }) => {
  if (target.id !== "pill") return;
  fetching = null;
  if (isOurs(detail.ctx)) catchUp();
});

on("toggle", ({ newState }) => {
  if (newState === "closed") catchUp();
}, true); // it does not bubble
