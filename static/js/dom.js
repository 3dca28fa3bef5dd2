// Comfort in the browser: every form and link works without it.
//
// console/assets.py joins the parts to one file. They are plain scripts in one scope: what one
// declares, all may use. This one comes first: the others call on() while they load.

const $ = (selector, root = document) => root.querySelector(selector);
const all = (selector, root = document) => [...root.querySelectorAll(selector)];
const on = (type, act, capture) => document.addEventListener(type, act, capture);

function say(text) {
  if (text) $("#announcements").textContent = text;
}
