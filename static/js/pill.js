// What is not on the page is counted at the lists' names, and in a pill that leads to it.

const fresh = { incoming: new Set(), held: new Set(), reported: new Set() };
const urgent = new Set();
let isStale = false; // only loading the page anew shows what changed

function sortIn(entry, isNew) {
  for (const ids of [urgent, ...Object.values(fresh)]) ids.delete(entry.id);
  if (!isNew) return;
  for (const name of entry.lists) fresh[name].add(entry.id);
  if (entry.urgent && entry.lists.includes("held")) urgent.add(entry.id);
}

function tally(name, number) {
  const shown = $(`.lists .${name} .count`);
  shown.textContent = number < 1000 ? number : "999+";
  shown.classList.toggle("none", !number);
}

function showPill() {
  const name = fresh[list]?.size ? list : "held";
  const number = fresh[name].size;
  const box = $("#pill");
  if (!number && !isStale) {
    box.replaceChildren();
    return;
  }
  const link = document.createElement("a");
  link.textContent = isStale ? box.dataset.stale : inWords(name, number);
  link.href = isStale ? location.pathname + location.search : `/queue/${name}`;
  link.classList.toggle("urgent", urgent.size > 0);
  if (urgent.size) link.textContent += ` – ${box.dataset.urgent}`;
  if (link.textContent !== box.textContent) box.replaceChildren(link);
}

// "Held: 2 new"
function inWords(name, number) {
  const forms = $("#pill").dataset;
  const rule = new Intl.PluralRules(document.documentElement.lang).select(number);
  const words = (forms[rule] ?? forms.many).replace(/\d+/, number);
  return `${$(`.lists .${name}`).firstChild.data.trim()}: ${words}`;
}
