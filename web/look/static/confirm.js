// An irreversible act is sent only when what was asked for has been typed; the server checks the same again.
for (const form of document.querySelectorAll("form[data-confirm]")) {
  const typed = form.elements.typed;
  const send = form.querySelector("[type=submit]");
  const check = () => send.setAttribute("aria-disabled", String(typed.value.trim().toUpperCase() !== form.dataset.confirm.toUpperCase()));
  typed.addEventListener("input", check);
  form.addEventListener("submit", (event) => {
    if (send.getAttribute("aria-disabled") !== "true") return;
    event.preventDefault();
    typed.focus();
  });
  check();
}
