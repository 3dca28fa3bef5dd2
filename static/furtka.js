// Comfort in the browser: every form and link works without this file.
const $ = (selector, root = document) => root.querySelector(selector);
const all = (selector, root = document) => [...root.querySelectorAll(selector)];
const say = (text) => text && ($("#announcements").textContent = text);

// --- after a decision the next card takes the focus; nothing moves but for the keyboard ---

const undone = []; // what was decided here, the newest last: for "z"
const swapped = new Map(); // cards about to be swapped, by id: how they were
let current = null; // the id of the card that the keys mean
let byKey = false;

function focusOn(element) {
  if (!element) return;
  if (element.matches(".card")) current = element.id;
  element.focus({ preventScroll: true });
  if (byKey) element.scrollIntoView({ block: "nearest" });
}

// What had the focus is gone; who has gone on to something else is left there.
const isLost = (within) => document.activeElement === document.body || within.contains(document.activeElement);

addEventListener("pointerdown", () => (byKey = false));
addEventListener("keydown", () => (byKey = true), true);

function after(card) {
  let next = card.nextElementSibling;
  while (next?.matches(".decided")) next = next.nextElementSibling;
  return next?.matches(".card") ? next : $(".next a") ?? card;
}

document.addEventListener("htmx:before:swap", (event) => {
  const { ctx, tasks } = event.detail;
  // What is not ours, a proxy's page say, must not take the card's place.
  if (ctx.response && !ctx.response.headers.get("X-Furtka")) return event.preventDefault(), unsent(ctx);
  if (ctx.sourceElement.id === "pill") fetched(tasks);
  for (const { target } of tasks.filter(({ target }) => target.matches?.(".card"))) {
    behind.delete(target.id);
    const height = target.getBoundingClientRect().height;
    swapped.set(target.id, { height, ticked: $(".pick :checked", target)?.value, focused: target.contains(document.activeElement) });
  }
});

document.addEventListener("htmx:after:swap", ({ target }) => {
  const cards = [...swapped.keys()].map((id) => $(`#${id}`)).filter(Boolean);
  for (const { id, style } of cards) style.minHeight = `${swapped.get(id).height}px`;
  if (target.id === "pill") cards.forEach(goOn);
  swapped.clear();
  if (target.id === "several") return severalDecided(cards);
  if (!target.matches(".card")) return;
  wait = 1000;
  const stays = !target.matches(".decided");
  if (!stays) undone.push(target.id);
  say($(".refusal, .error p, .outcome span", target)?.textContent);
  if (isLost(target)) focusOn(stays ? target : after(target));
});

// Somebody else's change came: the focus stays, and the tick, unless it was for an older version.
function goOn(card) {
  const { ticked, focused } = swapped.get(card.id);
  const box = $(".pick input", card);
  if (box) box.checked = box.value === ticked;
  count();
  if (focused) focusOn(card);
}

// --- a decision that did not get through says so on its card, waits there, and is sent again ---
// The form keeps its key, so that it is the same decision, whether or not the first one arrived.

let wait = 1000; // milliseconds until the next try

document.addEventListener("htmx:before:request", (event) => {
  const { sourceElement: form, target, request } = event.detail.ctx;
  $(".unsent", form)?.remove();
  $(":scope > .error", target)?.remove();
  $(".rules:popover-open", form)?.hidePopover(); // the answer may be an error behind it
  if (!form.matches(".decide, .several")) return;
  if (form.again) request.body.delete("entry"), form.chosen.forEach((each) => request.body.append("entry", each));
  form.again = false;
  form.chosen = request.body.getAll("entry"); // what is ticked later was not meant
  form.dataset.sent = request.body.get("decision");
});

document.addEventListener("htmx:error", ({ detail }) => detail.ctx && !detail.ctx.response && unsent(detail.ctx));

function unsent({ sourceElement: form, target }) {
  if (form.id === "pill") return;
  if (!form.dataset.sent) return target.prepend($("#unanswered").content.cloneNode(true));
  form.prepend($("#unsent").content.cloneNode(true));
  if (isLost(form)) focusOn(form.closest(".card") ?? form);
  setTimeout(again, (wait = Math.min(wait * 2, 60000)));
}

function again() {
  for (const note of all(".unsent")) {
    const form = note.closest("form");
    form.again = true;
    all("button[name=decision]", form).find((each) => each.value === form.dataset.sent)?.click();
  }
}

document.addEventListener("click", (event) => event.target.matches(".again") && again());
addEventListener("online", again);
addEventListener("beforeunload", (event) => $(".unsent") && event.preventDefault());

// --- keys ---

const LISTS = { n: "incoming", h: "held", r: "reported" };
let begun = ""; // the first of two keys: x, t or g

const several = () => $(".pick :checked") && $("#several");
const card = () => document.activeElement.closest?.(".card") ?? (current && $(`#${current}`));
// A decided card hides its buttons: what they would do now is not what was meant.
const press = (selector) => all(selector, several() || card()).find((each) => each.checkVisibility())?.click();

const keys = {
  j: () => focusOn(step(1)),
  k: () => focusOn(step(-1)),
  r: () => press(".release"),
  e: () => press(".keep"),
  o: () => $(".open", card())?.click(),
  x: () => rules("remove"),
  t: () => rules("tag"),
  s: () => $(".pick input", card())?.click(),
  z: () => takeBack($(".undo.mine", card()) ?? lastOfMine()),
  "/": () => ($("#search") ? $("#search").focus() : (location.href = "/queue/all")),
  g: () => (begun = "g"),
  "?": () => $("#keys").togglePopover(),
};

function lastOfMine() {
  while (undone.length) {
    const undo = $(`#${undone.pop()} .undo.mine`);
    if (undo) return undo;
  }
}

function takeBack(undo) {
  focusOn(undo?.closest(".card"));
  undo?.click();
}

function step(by) {
  const cards = all(".card");
  const at = cards.indexOf(card());
  return at < 0 ? cards[0] : cards[at + by] ?? (by > 0 && $(".next a")) ?? cards[at];
}

function rules(verb) {
  if (!several() && card()?.matches(".decided")) return;
  const sheet = verb === "tag" && !several() ? tagSheet(card()) : $(`.rules[id^=${verb}-]`, several() || card());
  if (!sheet) return;
  begun = verb[0] === "r" ? "x" : "t";
  if (getComputedStyle(sheet).display === "none") sheet.showPopover();
  sheet.classList.add("asked");
  ($(".suggested", sheet) ?? $("button", sheet)).focus();
}

function tagSheet(card) {
  const form = $(".decide", card), link = $("a.tag", card);
  if (link && !$(".tagging", form)) form.append($(`#tags-${link.dataset.group}`).content.cloneNode(true));
  return $(".tagging", form);
}

document.addEventListener("click", (event) => {
  if (!event.target.matches("a.tag")) return;
  event.preventDefault();
  tagSheet(event.target.closest(".card")).showPopover();
});

function second(key) {
  const first = begun;
  forget();
  if (first === "g") return $(`.lists a.${LISTS[key]}`)?.click();
  const sheet = document.activeElement.closest(".rules");
  if (sheet && /[1-9]/.test(key)) all("button", sheet)[key - 1]?.click();
}

function forget() {
  begun = "";
  all(".asked").forEach((sheet) => sheet.classList.remove("asked"));
  catchUp();
}

document.addEventListener("keydown", (event) => {
  const { key, target } = event;
  if (key === "Escape") return forget(), target.matches("input") ? target.blur() : focusOn(card());
  if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
  if (target.matches("input:not([type=checkbox]), textarea, select")) return;
  if (event.repeat && !"jk".includes(key)) return; // one press, one decision
  if (begun && key.length === 1 && key !== " ") return event.preventDefault(), second(key);
  if (!Object.hasOwn(keys, key) || $("#keys:popover-open") && key !== "?") return;
  event.preventDefault();
  if ("rextszo".includes(key) && !card() && !several()) return focusOn($(".card")); // see it first
  keys[key]();
});

document.addEventListener("focusin", (event) => {
  current = event.target.closest(".card")?.id ?? current;
  if (begun && begun !== "g" && !event.target.closest(".asked")) forget();
});

// --- several at once ---

function severalDecided(cards) {
  undone.push(...cards.filter((each) => each.matches(".decided")).map((each) => each.id));
  count();
  focusOn(card()?.matches(".decided") ? after(card()) : card());
}

function count() {
  const chosen = all(".pick :checked").length;
  $("#several")?.classList.toggle("open", chosen > 0);
  if ($(".chosen b")) $(".chosen b").textContent = chosen;
}

document.addEventListener("change", (event) => event.target.matches(".pick input") && count());

// --- the live feed ---

const { live: address, list, since } = document.body.dataset;
const fresh = { incoming: new Set(), held: new Set(), reported: new Set() };
let seen = new URLSearchParams(address?.split("?")[1]).get("after");
const urgent = new Set();
const behind = new Set(); // ids of cards whose change is still to be fetched
let source, poll, fetching, isStale;

function told({ id, entries, counts, stale }) {
  seen = id;
  for (const [name, number] of Object.entries(counts)) tally(name, number);
  for (const entry of entries) {
    [urgent, ...Object.values(fresh)].forEach((each) => each.delete(entry.id));
    const shown = $(`#entry-${entry.id}`);
    if (!shown) entry.lists.forEach((name) => fresh[name].add(entry.id));
    else if (shown.dataset.version < entry.version || entry.reported) behind.add(shown.id);
    if (!shown && entry.urgent && entry.lists.includes("held")) urgent.add(entry.id);
  }
  isStale ||= stale;
  catchUp();
  pill();
}

// What is sent brings its card anew by itself; an open sheet stays open.
const isBusy = (card) => $(".htmx-request, .unsent, .rules:popover-open, .asked", card);

function catchUp() {
  const cards = [...behind].map((id) => $(`#${id}`)).filter((each) => each && !isBusy(each)).slice(0, 50);
  if (fetching || !cards.length) return;
  if (!$(".cards")) return behind.clear(), (isStale = true), pill();
  fetching = cards.map(({ id }) => id);
  const query = fetching.map((id) => `id=${id.slice(6)}&`).join("");
  htmx.ajax("GET", `/queue/cards?${query}since=${since}`, { source: "#pill", target: "#pill", swap: "none" });
}

function fetched(tasks) {
  fetching.forEach((id) => behind.delete(id));
  const busy = tasks.filter(({ target }) => isBusy(target));
  busy.forEach((each) => (behind.add(each.target.id), tasks.splice(tasks.indexOf(each), 1)));
}

document.addEventListener("htmx:finally:request", ({ target, detail }) => {
  if (target.id !== "pill") return;
  fetching = null;
  if (detail.ctx.response?.headers.get("X-Furtka")) catchUp();
});

document.addEventListener("toggle", (event) => event.newState === "closed" && catchUp(), true);

function tally(name, number) {
  const shown = $(`.lists .${name} .count`);
  shown.textContent = number < 1000 ? number : "999+";
  shown.classList.toggle("none", !number);
}

function pill() {
  const name = fresh[list]?.size ? list : "held";
  const number = fresh[name].size;
  const box = $("#pill");
  if (!number && !isStale) return box.replaceChildren();
  const link = document.createElement("a");
  const words = box.dataset[{ one: "one", few: "few" }[new Intl.PluralRules(document.documentElement.lang).select(number)] ?? "many"];
  link.textContent = isStale ? box.dataset.stale : `${$(`.lists .${name}`).firstChild.data.trim()}: ${words.replace(/\d+/, number)}`;
  link.href = isStale ? location.pathname + location.search : `/queue/${name}`;
  link.classList.toggle("urgent", !!urgent.size);
  if (urgent.size) link.textContent += ` – ${box.dataset.urgent}`;
  if (link.textContent !== box.textContent) box.replaceChildren(link);
}

function listen() {
  source = new EventSource(address.replace(/\d+$/, seen));
  source.addEventListener("news", (event) => told(JSON.parse(event.data)));
  source.onopen = () => (poll = clearInterval(poll));
  source.onerror = () => (poll ??= setInterval(ask, 10000), source.readyState === EventSource.CLOSED && ask());
}

async function ask() {
  const answer = await fetch(address.replace(/\d+$/, seen)).catch(() => null);
  if (answer?.redirected || answer?.status === 401) return ended();
  if (answer?.ok) told(await answer.json());
}

function ended() {
  clearInterval(poll);
  say(($("#pill").textContent = $("#pill").dataset.ended));
}

if (address) {
  addEventListener("load", listen);
  document.addEventListener("visibilitychange", () => {
    source?.close();
    clearInterval(poll);
    poll = null;
    document.hidden ? (poll = setInterval(ask, 30000)) : listen();
  });
}
