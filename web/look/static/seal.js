// The sealing page: collects price and files, has the worker seal and send them, then hands the bid in. What is typed is
// kept on this computer until the bid is in; it is sent nowhere.
import { capitals, fen, yuan } from "./money.js";
import { hex } from "./tbid.js";

const english = document.documentElement.lang === "en";
const say = (zh, en) => (english ? en : zh);
const WORDS = {
  transcript_malformed: ["公钥记录不完整，没有封装。请联系中心。", "The key record is not whole. Nothing was sealed; contact the centre."],
  custodian_signature: ["保管人签名不符，没有封装。请不要继续，并联系监管部门。", "A custodian's signature is false. Do not go on; contact the regulator."],
  key_differs: ["公钥与保管人的记录不符，没有封装。请不要继续，并联系监管部门。", "The key is not the custodians' key. Do not go on; contact the regulator."],
  identities_differ: ["保管人身份与您上次所见不同，没有封装。请与公告核对，并联系监管部门。", "The custodians are not those you saw before. Compare with the notice and contact the regulator."],
  wrong_context: ["文件不是为本项目、本标段或本版本封装的。", "This file was sealed for another tender, lot or version."],
  not_an_envelope: ["选择的不是 TBID1 密封文件。", "This is no TBID1 file."],
  truncated: ["密封文件不完整。", "The sealed file is cut short."], appended: ["密封文件末尾有多余内容。", "The sealed file has bytes after its end."],
  source_changed: ["封装时文件发生了变化，请重新选择。", "A file changed while it was sealed; choose it again."],
  self_check: ["自检未通过，没有递交。请重试。", "The self-check failed; nothing was handed in. Try again."],
  digest_differs: ["中心收到的内容与本机不符，没有递交。请重试。", "What arrived is not what was sealed; nothing was handed in. Try again."],
  wrong_password: ["密钥文件的密码不对。", "The password of the key file is wrong."], not_a_keyfile: ["选择的不是签名密钥文件。", "This is no key file."],
  no_files: ["请选择商务和技术文件。", "Choose the files of both parts."], no_price: ["请填写报价，至多两位小数。", "Enter the price, with at most two decimals."],
  lock_asked: ["本项目要求投标人锁，文件没有加锁。请用 --lock 重新封装。", "This tender asks for a bidder's lock and the file has none. Seal again with --lock."],
  lock_not_asked: ["本项目不采用投标人锁，文件却加了锁。请重新封装。", "This tender asks for no bidder's lock and the file has one. Seal again."],
  no_salt: ["请填写封装所用的 64 位盐值。", "Enter the 64-digit salt you sealed with."], same_name: ["同一部分不能有两个同名文件。", "Two files of a part have the same name."],
  signed_out: ["登录已过期，没有递交。请重新登录后再封装，报价草稿保留在本机。", "Your log-in has expired; nothing was handed in. Log in and seal again: the draft of your price is kept on this computer."],
  no_crypto: ["浏览器不允许在此地址加密。请用 https 打开，或用离线工具。", "The browser cannot encrypt at this address. Use https or the offline tool."],
};

const form = document.querySelector("form[data-seal]");
const find = (selector) => form.querySelector(selector);
const terms = JSON.parse(form.dataset.terms);
const rows = [...form.querySelectorAll("[data-row]")];
const draft = `mingbiao.draft.${terms.tender}`;
const pins = `mingbiao.custodians.${terms.tender}`;
form.hidden = false;

function total() {
  const amounts = rows.map((row) => fen(row.value));
  return amounts.includes(null) ? null : amounts.reduce((sum, amount) => sum + amount, 0n);
}

function draw() {
  const sum = total();
  find("[data-total]").textContent = sum === null ? "–" : yuan(sum);
  find("[data-capitals]").textContent = sum ? `人民币${capitals(sum)}` : "\u00a0";
  const line = find("[data-ceiling]");
  if (!line) return;
  const ceiling = BigInt(line.dataset.ceiling);
  const over = sum > ceiling;
  line.textContent = sum ? (over ? line.dataset.over : line.dataset.under).replace("{c}", yuan(ceiling)).replace("{d}", yuan(over ? sum - ceiling : ceiling - sum)) : "";
  line.className = over ? "small st bad" : "small st ok";
}

function remember() {
  localStorage.setItem(draft, JSON.stringify(Object.fromEntries(rows.map((row) => [row.name, row.value]))));
}
for (const [name, value] of Object.entries(JSON.parse(localStorage.getItem(draft) ?? "{}"))) {
  const row = rows.find((one) => one.name === name);
  if (row) row.value = value;
}
for (const row of rows) {
  row.addEventListener("input", () => { draw(); remember(); });
  row.addEventListener("blur", () => { const amount = fen(row.value); if (row.value && amount !== null) row.value = yuan(amount); });
}
const offline = () => [...form.querySelectorAll("[data-offline] [data-part]")].filter((input) => input.files.length);
form.addEventListener("change", () => {
  const other = offline().length > 0;
  find("[data-draft]").inert = other;
  for (const input of find("[data-draft]").querySelectorAll("input")) input.disabled = other;
});
draw();

function filesOf(name) {
  const input = form.elements[name];
  const files = Object.fromEntries([...input.files].map((file) => [file.name, file]));
  if (Object.keys(files).length !== input.files.length) throw new Error("same_name");
  if (!input.files.length) throw new Error("no_files");
  return files;
}

function job() {
  if (!globalThis.crypto?.subtle) throw new Error("no_crypto");
  const pinned = JSON.parse(localStorage.getItem(pins) ?? "null");
  const common = { ...terms, pinned };
  const ready = offline();
  if (ready.length) {
    if (ready.length !== terms.parts.length) throw new Error("no_files");
    if (!/^[0-9a-f]{64}$/.test(form.elements.salt.value.trim())) throw new Error("no_salt");
    return { ...common, sealed: Object.fromEntries(ready.map((input) => [input.dataset.part, input.files[0]])), salt: form.elements.salt.value.trim() };
  }
  const sum = total();
  if (!sum) throw new Error("no_price");
  const items = rows.length > 1 ? rows.filter((row) => fen(row.value)).map((row) => [row.dataset.row, (yuan(fen(row.value))).replaceAll(",", "")]) : [];
  const price = { v: 1, currency: terms.currency, amount: Number(sum), ...(items.length ? { items } : {}) };
  return { ...common, price, files: terms.parts.length > 1 ? { commercial: filesOf("commercial"), technical: filesOf("technical") } : {} };
}

const PART = { price: say("报价部分", "Price"), commercial: say("商务部分", "Commercial part"), technical: say("技术部分", "Technical part") };
const megabytes = (size) => `${(size / 1_048_576).toFixed(1)} MB`;

function mark(step, state) {
  const item = find(`[data-step=${step}]`);
  item.className = state;
  if (state === "now") item.setAttribute("aria-current", "step"); else item.removeAttribute("aria-current");
  const use = item.querySelector("use");
  if (use) use.setAttribute("href", use.getAttribute("href").replace(/#.*/, `#${{ done: "check", now: "upload", failed: "alert-octagon" }[state]}`));
}
function progress(title, said, share) {
  find("[data-progress]").hidden = false;
  find("[data-title]").textContent = title;
  find("[data-said]").textContent = said;
  if (share !== undefined) find("[data-bar]").value = share;
}

function broken(problem) {
  const box = find("[data-outcome]");
  box.hidden = false;
  if (problem.panel) box.innerHTML = problem.panel;
  else {
    const text = WORDS[problem.code];
    box.replaceChildren(document.querySelector("template[data-broken]").content.cloneNode(true));
    box.querySelector("[data-why]").textContent = text ? say(...text) : say(`原因：${problem.code}`, `Reason: ${problem.code}`);
  }
  find("[data-progress]").hidden = true;
  busy(false);
  box.scrollIntoView({ block: "center" });
}
function busy(on) {
  for (const button of form.querySelectorAll("[type=submit]")) button.disabled = on;
  globalThis.onbeforeunload = on ? () => true : null;
}

async function post(path, body) {
  const answer = await fetch(path, { method: "POST", body: JSON.stringify(body), headers: { "content-type": "application/json", "x-csrf-token": terms.csrf, accept: "application/json" } });
  const told = await answer.json().catch(() => ({ code: String(answer.status) }));
  if (!answer.ok) throw Object.assign(new Error(told.code), { told });
  return told;
}

// A replacement names the bid it replaces; the signature is made over exactly what is sent.
async function handIn(parts, salt, seed) {
  const cmd = { project: terms.tender, lot: terms.lot, parts, salt, version: terms.version, ...(terms.prev ? { prev: terms.prev } : {}) };
  if (!seed) return post(`/supplier/bids/${terms.tender}/submit`, cmd);
  const { signAct } = await import("./keyfile.js");
  const { nonce } = await post("/supplier/nonces", {});
  const sig = signAct(seed, terms.origin, terms.prev ? "trading.bids.replace" : "trading.bids.submit", cmd, nonce);
  return post(`/supplier/bids/${terms.tender}/submit`, { ...cmd, sig });
}

function finished(done, receipt) {
  localStorage.removeItem(draft);
  localStorage.setItem(pins, JSON.stringify(JSON.parse(terms.transcript).custodians));
  const box = find("[data-outcome]");
  box.hidden = false;
  box.replaceChildren(document.querySelector("template[data-done]").content.cloneNode(true));
  box.querySelector("[data-receipt]").href = receipt;
  const keys = box.querySelector("[data-keys]");
  if (done.keys) {
    const content = JSON.stringify({ v: 1, kind: "mingbiao/filekeys/v1", tender: terms.tender, lot: terms.lot, version: terms.version, salt: done.salt, ...(done.lock ? { lock: done.lock } : {}), ...(done.priceLock ? { price_lock: done.priceLock } : {}), parts: done.parts.map(({ part, digest }) => ({ part, digest, file_key: done.keys[part] })) }, null, 1);
    keys.href = URL.createObjectURL(new Blob([content], { type: "application/json" }));
    keys.download = `${terms.tender}-v${terms.version}.keys.json`;
    keys.addEventListener("click", () => { globalThis.onbeforeunload = null; });
  } else keys.remove();
  for (const gone of form.querySelectorAll("[data-draft],details,[data-ends]")) gone.remove();
  globalThis.onbeforeunload = done.lock ? () => true : null; // nobody can make up for a lost secret
  box.scrollIntoView({ block: "center" });
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  busy(true);
  find("[data-outcome]").hidden = true;
  try {
    const work = job();
    const seed = terms.signed ? await (await import("./keyfile.js")).unlock(await form.elements.keyfile.files[0].text(), form.elements.password.value) : null;
    if (seed) work.signer = hex(seed);
    start(work, seed);
  } catch (error) {
    broken({ code: error.message });
  }
});

function start(work, seed) {
  const worker = new Worker(new URL("./sealer.js", import.meta.url), { type: "module" });
  const began = performance.now();
  const stop = (problem) => { worker.terminate(); broken(problem); };
  mark("check", "now");
  progress(say("正在核对公钥", "Checking the key"), "");
  const handle = {
    listing() { mark("check", "done"); mark("seal", "now"); progress(say("正在读取文件", "Reading the files"), ""); },
    progress({ part, done, total }) {
      mark("check", "done"); mark("seal", "now");
      const left = (performance.now() - began) / 1000 * (total - done) / done;
      progress(say(`正在封标：${PART[part]}`, `Sealing: ${PART[part]}`),
        `${megabytes(done)} / ${megabytes(total)}${left > 10 ? say(`，约剩 ${Math.ceil(left / 10) * 10} 秒`, `, about ${Math.ceil(left / 10) * 10} s left`) : ""}`, done / total);
    },
    waiting({ seconds }) { progress(say("网络已断开", "The network is down"), say(`${seconds} 秒后自动重试，已传部分保留`, `retrying in ${seconds} s; what was sent is kept`)); },
    part() {},
    failed({ code, refused }) { stop(refused ?? { code }); },
    async done(message) {
      worker.terminate();
      mark("seal", "done"); mark("submit", "now");
      progress(say("正在递交", "Handing in"), "", 1);
      try {
        const { receipt } = await handIn(message.parts, message.salt, seed);
        mark("submit", "done"); mark("ledger", "now");
        finished(message, receipt);
      } catch (error) { broken(error.told ?? { code: error.message }); }
    },
  };
  worker.addEventListener("message", ({ data }) => handle[data.kind](data));
  worker.addEventListener("error", (event) => { event.preventDefault(); stop({ code: event.message || "worker" }); });
  worker.postMessage(work);
}
