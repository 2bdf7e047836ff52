// Keeps marked parts of a page fresh: asks for the same page again and exchanges what changed. Without it, a link does.
// <… data-live="5"> seconds between two asks, 0 ends it; <… data-part="name"> what is exchanged. A field in use is left alone.
// data-quiet: asking does not keep the log-in alive, so that a seat somebody left locks itself.
const marks = () => document.querySelector("[data-live]");
const shown = new Map();

function busy(part) {
  if (part.contains(document.activeElement) && document.activeElement.matches("input, textarea, select")) return true;
  return [...part.querySelectorAll("input:not([type=hidden]), textarea")].some((field) =>
    field.type === "checkbox" || field.type === "radio" ? field.checked !== field.defaultChecked : field.value !== field.defaultValue);
}

function exchange(fresh) {
  for (const part of document.querySelectorAll("[data-part]")) {
    const name = part.dataset.part;
    const next = fresh.querySelector(`[data-part="${CSS.escape(name)}"]`);
    if (!next || busy(part)) continue;
    const html = next.innerHTML;
    if ((shown.get(name) ?? part.innerHTML) === html) continue;
    const open = [...part.querySelectorAll("details[open][id]")].map((box) => box.id);
    part.replaceChildren(...next.childNodes);
    for (const id of open) document.getElementById(id)?.setAttribute("open", "");
    shown.set(name, html);
    document.dispatchEvent(new CustomEvent("exchanged", { detail: name }));
  }
  const [mark, next] = [marks(), fresh.querySelector("[data-live]")];
  if (mark && next) mark.dataset.live = next.dataset.live;
}

async function ask() {
  const seconds = Number(marks()?.dataset.live ?? 0);
  if (!seconds) return;
  try {
    const answer = document.hidden ? null : await fetch(location.href, { cache: "no-store", headers: "quiet" in marks().dataset ? { "X-Quiet": "1" } : {} });
    if (answer?.ok && !answer.redirected) exchange(new DOMParser().parseFromString(await answer.text(), "text/html"));
  } catch { /* the line is down: the next ask comes anyway */ }
  setTimeout(ask, Number(marks()?.dataset.live ?? 0) * 1000 || 60_000);
}
setTimeout(ask, Number(marks()?.dataset.live ?? 0) * 1000);
