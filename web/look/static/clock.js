// The centre's clock: the server's instant when the first byte of this page came, carried on by the monotonic clock.
// Wall time of this computer is only compared, never used.
const meta = (name) => document.querySelector(`meta[name="${name}"]`)?.content;
const navigation = performance.getEntriesByType("navigation")[0];

let anchor = { centre: Number(meta("centre-now")), at: navigation?.responseStart ?? 0, wall: Date.now() - performance.now() };
let lost = null;

export function now() {
  return anchor.centre + performance.now() - anchor.at;
}

// Asia/Shanghai has had no daylight saving since 1991.
export function hms(ms) {
  return new Date(ms + 8 * 3_600_000).toISOString().slice(11, 19);
}

// A computer that slept, or whose clock was set, no longer agrees with its own monotonic clock.
function slept() {
  return Math.abs(Date.now() - performance.now() - anchor.wall) > 5_000;
}

async function resync() {
  const url = meta("centre-clock");
  if (!url) return;
  const before = performance.now();
  try {
    const answer = await (await fetch(url, { cache: "no-store" })).json();
    anchor = { centre: answer.now_ms, at: (before + performance.now()) / 2, wall: Date.now() - performance.now() };
    lost = null;
  } catch {
    lost ??= now();
  }
}

function show(box) {
  const moment = now();
  box.querySelector("[data-clock-now]").textContent = hms(moment);
  const sync = box.querySelector("[data-clock-sync]");
  const offset = Math.round((Date.now() - moment) / 1000);
  const words = lost !== null ? sync.dataset.lost.replace("{at}", hms(lost))
    : Math.abs(offset) < 2 || "stepped" in sync.dataset ? sync.dataset.ok
    : (offset < 0 ? sync.dataset.slow : sync.dataset.fast).replace("{n}", Math.abs(offset));
  sync.querySelector("span").textContent = words;
  sync.classList.toggle("off", lost !== null);
  sync.hidden = false;
}

const boxes = document.querySelectorAll("[data-clock]");
function tick() {
  if (slept() && lost === null) {
    lost = anchor.centre;
    resync();
  }
  boxes.forEach(show);
  setTimeout(tick, 1000 - (now() % 1000) + 5);
}
if (anchor.centre) tick();
