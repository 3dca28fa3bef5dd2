// The live feed: what came in, and what others decide.

const { live: address, list, since } = document.body.dataset;
let seen = new URLSearchParams(address?.split("?")[1]).get("after");
let source;
let poll; // the timer that asks while there is no stream

const addressNow = () => address.replace(/\d+$/, seen);

function told({ id, entries, deliveries, counts, stale }) {
  seen = id;
  for (const [name, number] of Object.entries(counts)) tally(name, number);
  for (const entry of entries) {
    const card = $(`#entry-${entry.id}`);
    renewTasks(entry.id);
    if (entry.lists.length || !entry.renewed) sortIn(entry, !card); // else it stands where it did
    if (card && (card.dataset.version < entry.version || entry.renewed)) behind.add(card.id);
  }
  deliveries.forEach(renewDelivery);
  isStale ||= stale;
  catchUp();
  showPill();
}

function listen() {
  source = new EventSource(addressNow());
  source.addEventListener("news", (event) => told(JSON.parse(event.data)));
  source.addEventListener("crowded", () => {
    source.close();
    keepAsking();
  });
  source.onopen = stopAsking;
  source.onerror = () => {
    keepAsking();
    if (source.readyState === EventSource.CLOSED) ask();
  };
}

function keepAsking() {
  poll ??= setInterval(ask, 10000);
}

function stopAsking() {
  clearInterval(poll);
  poll = null;
}

async function ask() {
  const answer = await fetch(addressNow()).catch(() => null);
  if (answer?.redirected || answer?.status === 401) signedOut();
  else if (answer?.ok) told(await answer.json());
}

function signedOut() {
  clearInterval(poll); // poll stays set, so that the stream's errors begin no other
  const box = $("#pill");
  box.textContent = box.dataset.ended;
  say(box.textContent);
}

if (address) {
  addEventListener("load", listen);
  on("visibilitychange", () => {
    source?.close();
    stopAsking();
    if (document.hidden) poll = setInterval(ask, 30000);
    else listen();
  });
}
