// Passkeys: a form with data-passkey asks the server for a challenge, the browser for a key, and then posts the answer.
const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), (c) => c.charCodeAt(0));
const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');

function prepared(options) {
  const ids = (list) => (list ?? []).map((one) => ({ ...one, id: bytes(one.id) }));
  const made = { ...options, challenge: bytes(options.challenge) };
  if (options.user) made.user = { ...options.user, id: bytes(options.user.id) };
  if (options.excludeCredentials) made.excludeCredentials = ids(options.excludeCredentials);
  if (options.allowCredentials) made.allowCredentials = ids(options.allowCredentials);
  return made;
}

function answered(key) {
  const response = { clientDataJSON: text(key.response.clientDataJSON) };
  for (const part of ['attestationObject', 'authenticatorData', 'signature', 'userHandle']) {
    if (key.response[part]) response[part] = text(key.response[part]);
  }
  if (key.response.getTransports) response.transports = key.response.getTransports();
  return JSON.stringify({ id: key.id, rawId: text(key.rawId), type: key.type, response, clientExtensionResults: {} });
}

for (const form of document.querySelectorAll('form[data-passkey]')) {
  const said = form.querySelector('[data-passkey-said]');
  const say = (words) => { said.textContent = words; said.hidden = false; };
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    if (!window.PublicKeyCredential) { say(said.dataset.missing); return; }
    said.hidden = true;
    const button = form.querySelector('[type=submit]');
    button.disabled = true;
    try {
      const body = new URLSearchParams({ _csrf_token: form.elements._csrf_token.value });
      const asked = await fetch(form.dataset.challenge, { method: 'POST', body });
      if (!asked.ok) throw new Error(asked.status);
      const { nonce, options } = await asked.json();
      const publicKey = prepared(JSON.parse(options));
      const key = form.dataset.passkey === 'create' ? await navigator.credentials.create({ publicKey }) : await navigator.credentials.get({ publicKey });
      form.elements.nonce.value = nonce;
      form.elements.answer.value = answered(key);
      form.submit();
    } catch {
      say(said.dataset.failed);
    } finally {
      button.disabled = false;
    }
  });
}
