// Bookings on the board move by mouse, by finger or by keys: arrows by a quarter of an hour or to the next room, Enter asks, Escape leaves.
// Nothing is sent: the new place leads to the page that reads the change first. Without this the bar leads to its form.
// svg[data-room] is one room's line of a day (data-kind, data-opens, data-closes in ms); svg[data-move] a bar that may move: the
// address that asks, data-start and data-end; [data-of] its clearing, which goes along; [data-said] speaks the new place, and a hint before.
const STEP = 15 * 60_000, FAR = 4;
const said = document.querySelector("[data-said]");
const hint = said?.textContent ?? "";
const lines = [...document.querySelectorAll("svg[data-room]")];
const clock = new Intl.DateTimeFormat("en-GB", { timeZone: "Asia/Shanghai", hour: "2-digit", minute: "2-digit" });
const number = (element, name) => Number(element.dataset[name]);
let moving = null; // { bar, line, start, length, home }
let grip = null;   // where a mouse or a finger took hold: { bar, x, y, at }

function draw({ bar, line, start, length }) {
  const [opens, span] = [number(line, "opens"), number(line, "closes") - number(line, "opens")];
  const put = (one, from, long) => {
    if (one.parentNode !== line) line.append(one);
    one.setAttribute("x", `${((from - opens) / span * 100).toFixed(2)}%`);
    one.setAttribute("width", `${(long / span * 100).toFixed(2)}%`);
  };
  const cleared = document.querySelector(`[data-of="${CSS.escape(bar.id)}"]`);
  if (cleared) put(cleared, start + length, number(cleared, "length"));
  put(bar, start, length);
}

function begin(bar) {
  leave();
  const [line, start] = [bar.parentNode, number(bar, "start")];
  moving = { bar, line, start, length: number(bar, "end") - start, home: { line, start } };
  bar.classList.add("moving");
}

function go(line, start) {
  const held = document.activeElement;
  const now = moving;
  moving = null; // what loses the focus by being put elsewhere has not been left
  Object.assign(now, { line, start });
  draw(now);
  if (now.bar.contains(held)) held.focus({ preventScroll: true });
  moving = now;
  if (said) said.textContent = `${line.getAttribute("aria-label")} ${clock.format(start)}–${clock.format(start + now.length)} · ${said.dataset.said}`;
}

function leave() {
  if (!moving) return;
  const { bar, home } = moving;
  go(home.line, home.start);
  bar.classList.remove("moving");
  moving = null;
  if (said) said.textContent = hint;
}

const stays = () => moving.line === moving.home.line && moving.start === moving.home.start;

function ask() {
  const { bar, line, start } = moving;
  if (stays()) return leave();
  const to = new URL(bar.dataset.move, location.href);
  to.searchParams.set("room", line.dataset.room);
  to.searchParams.set("start", String(start));
  location.assign(to);
}

const alike = (line) => (other) => other.dataset.kind === line.dataset.kind && other.dataset.opens === line.dataset.opens;
const days = (line) => lines.filter((other) => other.dataset.room === line.dataset.room);

function aside(by) {
  const { line, start } = moving;
  const at = start + by;
  if (at >= number(line, "opens") && at < number(line, "closes")) return go(line, at);
  const other = days(line)[days(line).indexOf(line) + Math.sign(by)];
  if (other) go(other, by > 0 ? number(other, "opens") : number(other, "closes") - STEP);
}

function across(by) {
  const same = lines.filter(alike(moving.line));
  const other = same[same.indexOf(moving.line) + by];
  if (other) go(other, moving.start);
}

const KEYS = { ArrowLeft: () => aside(-STEP), ArrowRight: () => aside(STEP), ArrowUp: () => across(-1), ArrowDown: () => across(1) };

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && moving) return leave();
  const bar = event.target.closest?.("svg[data-move]");
  if (!bar || event.ctrlKey || event.altKey || event.metaKey) return;
  if (event.key in KEYS) {
    if (moving?.bar !== bar) begin(bar);
    KEYS[event.key]();
    event.preventDefault();
  } else if (event.key === "Enter" && moving?.bar === bar) {
    event.preventDefault();
    ask();
  }
});
document.addEventListener("focusout", (event) => {
  if (moving && !grip && moving.bar.contains(event.target)) leave();
});

document.addEventListener("pointerdown", (event) => {
  const bar = event.target.closest?.("svg[data-move]");
  if (!bar || event.button || !event.isPrimary) return;
  const box = bar.parentNode.getBoundingClientRect();
  grip = { bar, x: event.clientX, y: event.clientY, at: (event.clientX - box.left) / box.width };
});
document.addEventListener("pointermove", (event) => {
  if (!grip) return;
  if (moving?.bar !== grip.bar) {
    if (Math.hypot(event.clientX - grip.x, event.clientY - grip.y) < FAR) return;
    begin(grip.bar);
  }
  const cell = document.elementsFromPoint(event.clientX, event.clientY).find((one) => one.matches("td"));
  const line = cell?.querySelector("svg[data-room]");
  if (!line || line.dataset.kind !== moving.line.dataset.kind) return;
  const box = line.getBoundingClientRect();
  const span = number(line, "closes") - number(line, "opens");
  const from = number(line, "opens") + ((event.clientX - box.left) / box.width - grip.at) * span;
  const start = Math.round((from + moving.home.start - number(moving.home.line, "opens")) / STEP) * STEP;
  if (line !== moving.line || start !== moving.start) go(line, start);
});
document.addEventListener("pointerup", () => {
  const dragged = grip && moving?.bar === grip.bar;
  grip = null;
  if (!dragged) return;
  const stop = (event) => event.preventDefault(); // the click that ends a drag opens nothing
  document.addEventListener("click", stop, { capture: true });
  setTimeout(() => document.removeEventListener("click", stop, { capture: true }));
  ask();
});
document.addEventListener("pointercancel", () => {
  if (grip && moving?.bar === grip.bar) leave();
  grip = null;
});
for (const kind of ["dragstart", "selectstart", "contextmenu"]) document.addEventListener(kind, (event) => { if (grip) event.preventDefault(); });
