// The page of a person who keeps a key: brings the key in, locks it, has it enrolled, and then shows what waits.
import { canon, hex } from "../tbid.js";
import { Duties } from "./duties.js";
import { Gate } from "./gates.js";
import { Keeper, alone } from "./keeper.js";
import { Away, Mailbox, Refused, enrolment, possession } from "./mailbox.js";
import { BadNote, openedLeaf, readKey } from "./notes.js";
import { openStore } from "./store.js";
import * as vault from "./vault.js";
import { TROUBLE, say, spaced } from "./words.js";

const EVERY = 20_000; // ms between two looks
const find = (selector) => document.querySelector(selector);
const all = (selector) => [...document.querySelectorAll(selector)];
const form = (act) => find(`form[data-act=${act}]`);
const store = await openStore().catch(() => null);
let record = await store?.get("own", "record");
let seed = null, pins = null, program = null, duties = null, timer = 0, looking = Promise.resolve();

const LEAD = {
  none: say("本浏览器还没有密钥。放入一把，才能参加仪式和开标。", "This browser holds no key. Bring one in to take part in ceremonies and openings."),
  paper: say("密钥已放入。先把种子抄在纸上。", "The key is in. Write its seed on paper first."),
  locked: say("密钥已锁。解锁后查看待办。", "The key is locked. Unlock it to see what waits."),
  pins: say("密钥已解锁。说明您信任谁的签名。", "The key is unlocked. Say whose signatures you trust."),
  enrol: say("密钥尚未登记。登记写入账本后开始工作。", "The key is not enrolled. It serves once that stands in the ledger."),
  work: say("正在向中心查看……", "Asking the centre …"),
};

function lead(text) { find("[data-lead]").textContent = text; }
function trouble(code) {
  const box = find("[data-trouble]");
  box.hidden = !code;
  find("[data-why]").textContent = TROUBLE[code] ?? "";
  if (code) box.focus();
}

// One view at a time; what is known of the key stands beside it.
function view(name) {
  for (const part of all("[data-view]")) part.hidden = part.dataset.view !== name;
  lead(LEAD[name]);
  find("[data-own]").hidden = !record;
  if (!record) return;
  for (const at of all("[data-identity]")) at.textContent = spaced(record.public);
  find("[data-guard]").textContent = record.credential ? say("通行密钥", "a passkey") : say("密码", "a password");
  for (const at of all("[data-with]")) at.hidden = (at.dataset.with === "passkey") !== Boolean(record.credential);
  for (const at of all("[data-known]")) at.hidden = !program;
  find("[data-program]").textContent = program ?? "";
  for (const at of all("[data-pinned]")) at.hidden = !pins;
  find("[data-origin]").textContent = pins?.log.name ?? "";
  find("[data-witnesses]").textContent = pins?.witnesses.map((one) => one.name).join(say("、", ", ")) || say("没有", "none");
  find("[data-lock]").hidden = !seed;
  find("[data-repin]").hidden = !seed || !pins || name === "pins";
  save(find("[data-keyfile]"), !record.credential && canon(record), `custodian-${record.public.slice(0, 8)}.key.json`);
}

function save(link, text, name) {
  link.hidden = !text;
  if (text) Object.assign(link, { href: URL.createObjectURL(new Blob([text], { type: "application/json" })), download: name });
}

// Where a person with an unlocked key goes on.
async function onward() {
  const [log, witnesses] = (await store.get("own", "pins")) ?? [];
  pins = log ? { log: readKey(log), witnesses: witnesses.map(readKey) } : null;
  program = pins && (await store.get("own", `program ${pins.log.name}`));
  if (!pins) return view("pins");
  if (!program) {
    view("enrol");
    tick();
    return;
  }
  const keeper = new Keeper({ seed, store, mailbox: new Mailbox(program, seed, pins.log), pins });
  duties = new Duties(keeper, store, { auto: () => find("[data-auto]").checked, again: tick, failed });
  view("work");
  await duties.done();
  tick();
}

// Looks now and again every so often while the key is unlocked, one look after the other; only the list is asked for.
const tick = () => (looking = looking.then(look));
async function look() {
  clearTimeout(timer);
  if (!seed) return;
  try { await (program ? work() : enrolled()); } catch (error) { failed(error); } finally {
    if (seed) timer = setTimeout(tick, EVERY);
  }
}

async function work() {
  const count = await duties.refresh();
  if (find("[data-why]").textContent === TROUBLE.away) trouble("");
  lead(count ? say(`有 ${count} 件事等您办理。`, count === 1 ? "One thing waits for you." : `${count} things wait for you.`) : say("现在没有要您办的事。", "Nothing waits for you now."));
}

// The leaf of enrolment, proved under the pinned keys, names this key's program.
async function enrolled() {
  const leaf = await enrolment(record.public);
  if (!leaf) return;
  const { payload } = openedLeaf(pins, leaf, 0);
  if (payload.tag !== "trading.sealing.enrol_custodian" || "step" in payload || payload.body.key !== record.public) throw new BadNote("not this key's enrolment");
  await store.keep("own", [[`program ${pins.log.name}`, payload.on]]);
  await onward();
}

function failed(error) {
  const code = error instanceof Away ? "away" : error instanceof Refused ? "not_program" : error instanceof BadNote || error instanceof Gate ? "forged"
    : error instanceof DOMException ? "passkey" : error.message in TROUBLE ? error.message : "broken";
  trouble(code);
  if (code === "broken") throw error;
}

async function guarded(given, fields) {
  if (fields.guard.value === "passkey") return vault.underPasskey(given);
  if (fields.password.value !== fields.again.value) throw new Error("two_passwords");
  return vault.underPassword(given, fields.password.value);
}

async function brought({ source, seed: paper, file, old }) {
  if (source.value === "new") return vault.newSeed();
  if (source.value === "paper") return vault.readPaper(paper.value);
  let held;
  try { held = JSON.parse(await file.files[0].text()); } catch { throw new Error("not_a_keyfile"); }
  return vault.open(held, old.value);
}

const ACTS = {
  async make(fields) {
    const fresh = fields.source.value === "new";
    const given = await brought(fields);
    const made = await guarded(given, fields);
    navigator.storage?.persist?.(); // a browser may ask; nothing waits for the answer
    await store.keep("own", [["record", made]]);
    [record, seed] = [made, given];
    if (!fresh) return onward();
    find("[data-seed]").textContent = spaced(hex(seed), 8);
    return view("paper");
  },
  async written({ last }) {
    if (last.value.replace(/\s/g, "").toLowerCase() !== hex(seed).slice(-8)) throw new Error("paper_differs");
    find("[data-seed]").textContent = "";
    return onward();
  },
  async unlock({ password }) {
    seed = await vault.open(record, password.value);
    return onward();
  },
  async pin({ log, witnesses }) {
    const lines = (field) => field.value.split("\n").map((line) => line.trim()).filter(Boolean);
    const [[one, ...more], others] = [lines(log), lines(witnesses)];
    try {
      const kinds = [readKey(one).kind, ...others.map((key) => readKey(key).kind)];
      if (more.length || kinds.some((kind, at) => kind !== (at ? 4 : 1))) throw new Error("bad_key");
    } catch { throw new Error("bad_key"); }
    await store.keep("own", [["pins", [one, others]]]);
    return onward();
  },
  async describe({ name, party, employer }) {
    const [called, by] = [name.value.trim(), employer.value.trim()];
    if (!called || !by) throw new Error("no_name");
    const proof = possession(seed, pins.log.name, called);
    find("[data-proof]").textContent = spaced(proof);
    find("[data-made]").hidden = false;
    const made = { name: called, party: party.value, employer: by, identity: record.public, proof };
    save(find("[data-save]"), JSON.stringify(made), `enrol-${record.public.slice(0, 8)}.json`);
  },
  look: tick,
  async forget({ typed }) {
    if (typed.value.trim().toLowerCase() !== record.public.slice(-4)) throw new Error("not_typed");
    await store.forget();
    location.reload();
  },
};

for (const [act, run] of Object.entries(ACTS)) {
  form(act).addEventListener("submit", async (event) => {
    event.preventDefault();
    const button = event.target.querySelector("[type=submit]");
    button.disabled = true;
    trouble("");
    try {
      await run(event.target.elements);
      for (const field of event.target.querySelectorAll("input[type=password]")) field.value = "";
    } catch (error) { failed(error); } finally { button.disabled = false; }
  });
}

// What belongs to another choice is not shown.
function choose() {
  for (const part of all("[data-for]")) {
    const [name, value] = part.dataset.for.split(":");
    part.hidden = form("make").elements[name].value !== value;
  }
}
form("make").addEventListener("change", choose);
find("[data-refresh]").addEventListener("click", tick);
find("[data-auto]").addEventListener("change", tick);
find("[data-lock]").addEventListener("click", () => alone(() => {
  clearTimeout(timer);
  seed.fill(0);
  seed = duties = null;
  find("[data-auto]").checked = false;
  view("locked");
}));
find("[data-repin]").addEventListener("click", async () => {
  const [log, witnesses] = await store.get("own", "pins");
  Object.assign(form("pin").elements.log, { value: log });
  Object.assign(form("pin").elements.witnesses, { value: witnesses.join("\n") });
  view("pins");
});
choose();
if (store) view(record ? "locked" : "none");
else trouble("no_store");
