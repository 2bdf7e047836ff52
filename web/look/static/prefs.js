// Large type and theme change in place; without script the same links go through /prefs. Each kept a year in a cookie.
function keep(name, value) {
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `${name}=${value}; Path=/; Max-Age=31536000; SameSite=Lax${secure}`;
}

function current(name) {
  const set = document.documentElement.dataset[name];
  return set ?? (name === "theme" && matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "");
}

for (const link of document.querySelectorAll("[data-pref]")) {
  const name = link.dataset.pref;
  const [on, off] = link.dataset.values.split(",");
  const words = link.dataset.words.split("|");
  const label = () => { link.textContent = words[current(name) === on ? 1 : 0]; };
  label();
  link.addEventListener("click", (event) => {
    event.preventDefault();
    const value = current(name) === on ? off : on;
    if (name === "theme") document.querySelector("[data-dark]").media = value === "dark" ? "all" : "not all";
    if (value) document.documentElement.dataset[name] = value;
    else delete document.documentElement.dataset[name];
    keep(name, value);
    label();
  });
}
document.querySelector("[data-focus]")?.focus();
