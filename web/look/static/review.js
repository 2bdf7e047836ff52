// The queue by keys: J and K move, Enter opens, A goes to "agree", R to "return". They can be switched off, and rest while
// somebody types. What the other side will read is shown while the reasons are written.
const off = "mingbiao.keys.off";
const line = document.querySelector("[data-keys]");
const links = [...document.querySelectorAll("[data-queue] .queue a")];
let at = Math.max(0, links.findIndex((link) => link.closest("li").hasAttribute("aria-current")));

if (line) {
  const button = line.querySelector("[data-keys-switch]");
  const draw = () => { button.textContent = localStorage.getItem(off) ? button.dataset.off : button.dataset.on; };
  button.addEventListener("click", () => { if (localStorage.getItem(off)) localStorage.removeItem(off); else localStorage.setItem(off, "1"); draw(); });
  draw();
  line.hidden = false;
}

function move(step) {
  at = Math.min(links.length - 1, Math.max(0, at + step));
  links[at]?.focus();
}
const acts = {
  j: () => move(1), k: () => move(-1),
  a: () => document.querySelector("[data-agree] .btn.p")?.focus(),
  r: () => {
    const box = document.querySelector("[data-return]");
    if (box) box.open = true;
    (box ?? document).querySelector("[data-fault]")?.focus();
  },
};
addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || localStorage.getItem(off) || event.target.closest("input,textarea,select")) return;
  const act = acts[event.key.toLowerCase()];
  if (act) { event.preventDefault(); act(); }
});

const preview = document.querySelector("[data-preview]");
const faults = [...document.querySelectorAll("[data-fault]")];
function said(input) {
  const label = input.labels?.[0]?.firstChild?.textContent ?? input.closest("tr")?.querySelector("th")?.textContent ?? "";
  return `${label.trim()}${document.documentElement.lang === "en" ? ": " : "："}${input.value.trim()}`;
}
for (const input of faults) {
  input.addEventListener("input", () => {
    const written = faults.filter((one) => one.value.trim());
    preview.hidden = written.length === 0;
    preview.querySelector("dd").textContent = written.map(said).join(document.documentElement.lang === "en" ? "; " : "；");
  });
}
