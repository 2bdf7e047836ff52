// A message about what was just done leaves by itself, and its mark leaves the address, so that a reload does not repeat it.
const box = document.querySelector('[data-passing]');
if (box) {
  const address = new URL(location.href);
  address.searchParams.delete('done');
  history.replaceState(null, '', address);
  box.querySelector('a').addEventListener('click', (event) => { event.preventDefault(); box.remove(); });
  setTimeout(() => { if (!box.matches(':focus-within, :hover')) box.remove(); }, 8000);
}
