// A photo of a foreign host opens in the place of its tile, which is a link to it, and is fetched
// no earlier: the host learns who looks.

const isOpen = (tile) => tile.ariaExpanded === "true";

function turn(tile) {
  if (isOpen(tile)) tile.nextElementSibling.remove();
  else tile.after(photoOf(tile));
  tile.ariaExpanded = !isOpen(tile);
}

function photoOf(tile) {
  const photo = new Image();
  photo.onerror = () => photo.replaceWith(unloadable(tile));
  photo.alt = $("bdi", tile)?.textContent ?? "";
  photo.referrerPolicy = "no-referrer";
  photo.src = tile.href;
  return photo;
}

function unloadable(tile) {
  const note = $("#no-photo").content.firstElementChild.cloneNode(true);
  $("a", note).href = tile.href;
  say(note.textContent);
  return note;
}

on("click", (event) => {
  const tile = event.target.closest(".photo");
  if (tile && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    event.preventDefault();
    turn(tile);
  }
  if (!event.target.matches(".all-photos")) return;
  for (const each of all(".photo", event.target.closest("ul"))) if (!isOpen(each)) turn(each);
  event.target.remove();
});
