// What is pasted outside of any field opens the form for it, filled in. It goes there by POST, so
// that nothing of it stands in an address.

on("paste", (event) => {
  const { clipboardData, target } = event;
  if (!$("header.frame") || target.closest?.("input, textarea, select")) return;
  const [text, image] = [clipboardData.getData("text/plain").trim(), clipboardData.files[0]];
  const form = $("#capture");
  if (form && image) form.elements.picture.files = clipboardData.files;
  else if (form && text) pasteInto(form.elements.link, text);
  else if (text) openForm(text);
  else return;
  event.preventDefault();
});

// The field asks the server what it is, as after a paste into itself.
function pasteInto(field, text) {
  field.value = text;
  field.dispatchEvent(new Event("paste"));
}

function openForm(text) {
  const form = document.createElement("form");
  Object.assign(form, { method: "post", action: "/intake/capture", hidden: true });
  const values = { csrf_token: $("[name=csrf_token]")?.value, link: text, look: "1" };
  for (const [name, value] of Object.entries(values)) {
    const field = document.createElement("textarea"); // an input would lose the ends of lines
    Object.assign(field, { name, value });
    form.append(field);
  }
  document.body.append(form);
  form.submit();
}
