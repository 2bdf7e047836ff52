// Hashes a chosen file on this computer and fills in its digest; the file is not sent.
const box = document.querySelector('[data-hash]');
const LARGEST = 1e9;
if (box && globalThis.crypto?.subtle) {
  const said = box.querySelector('[data-hash-said]');
  box.hidden = false;
  box.querySelector('input').addEventListener('change', async (event) => {
    const file = event.target.files[0];
    if (!file) return;
    if (file.size > LARGEST) { said.textContent = said.dataset.large; return; }
    said.textContent = said.dataset.busy;
    const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', await file.arrayBuffer()));
    document.querySelector('#number').value = Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
    said.textContent = said.dataset.ready;
  });
}
