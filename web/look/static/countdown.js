// Counts down on the centre's clock. Says 60, 10 and 1 minutes aloud, once each; never every second.
import { now } from "./clock.js";

const english = document.documentElement.lang === "en";
const units = english ? { d: "d", h: "h", m: "min", s: "s" } : { d: "天", h: "时", m: "分", s: "秒" };
const said = (minutes) => english ? `${minutes} minutes left` : `还剩 ${minutes} 分钟`;
const closedWords = english ? "Closed" : "已截止";

function parts(left, seconds) {
  const total = Math.floor(left / 1000);
  const values = { d: Math.floor(total / 86400), h: Math.floor(total / 3600) % 24, m: Math.floor(total / 60) % 60, s: total % 60 };
  const shown = values.d ? ["d", "h", "m"] : values.h ? ["h", "m"] : ["m"];
  return (seconds && !values.d ? [...shown, "s"] : shown).map((unit) => [String(values[unit]).padStart(2, "0"), units[unit]]);
}

function draw(box) {
  const left = Math.max(0, Number(box.dataset.until) - now());
  const level = left === 0 ? "closed" : left < 600_000 ? "bad" : left < 3_600_000 ? "warn" : "calm";
  for (const name of ["calm", "warn", "bad", "closed"]) box.classList.toggle(name, name === level);
  const number = box.querySelector(".cd-num");
  const text = parts(left, "seconds" in box.dataset);
  const pieces = text.flatMap(([value, unit]) => {
    const [b, span] = [document.createElement("b"), document.createElement("span")];
    [b.textContent, span.textContent] = [value, unit];
    return [b, span];
  });
  if (level !== "closed") number.replaceChildren(...pieces);
  announce(box, left, level);
  return left;
}

const spoken = new WeakMap();
function announce(box, left, level) {
  const step = [60, 10, 1].filter((minutes) => left <= minutes * 60_000).pop() ?? 0;
  const key = level === "closed" ? -1 : step;
  if (spoken.has(box) && spoken.get(box) !== key) box.querySelector("[data-said]").textContent = key === -1 ? closedWords : said(step);
  spoken.set(box, key);
}

const boxes = [...document.querySelectorAll("[data-until]")];
function tick() {
  const open = boxes.filter((box) => draw(box) > 0);
  if (open.length) setTimeout(tick, 1000 - (now() % 1000) + 5);
}
tick();
