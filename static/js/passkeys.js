// Passkeys: the device answers the server's challenge, and a form carries its response.
//
// Such a form is shown only where it can work: browsers bind a passkey to one address.

const { PublicKeyCredential: Credential } = window;
const PASSKEYS = {
  create: (options) => ({ publicKey: Credential.parseCreationOptionsFromJSON(options) }),
  get: (options) => ({ publicKey: Credential.parseRequestOptionsFromJSON(options) }),
};

async function deviceResponse({ dataset: { passkey, options } }) {
  const challenge = await (await fetch(options)).json();
  return JSON.stringify(await navigator.credentials[passkey](PASSKEYS[passkey](challenge)));
}

on("submit", async (event) => {
  const form = event.target;
  if (!form.dataset.passkey) return;
  event.preventDefault();
  const nothing = $(".no-response", form);
  nothing.hidden = true;
  try {
    form.elements.response.value = await deviceResponse(form);
    form.submit();
  } catch {
    nothing.hidden = false;
  }
});

for (const form of all("[data-passkey]")) {
  const works = Credential?.parseRequestOptionsFromJSON && form.dataset.origin === location.origin;
  form.hidden = !works;
  if (works) $(".no-passkeys")?.remove();
}
