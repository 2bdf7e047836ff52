// What the ledger signed, read as strictly as kernel/ledger/note.py, proof.py and kernel/tree.py do: keys, signed notes,
// checkpoints, places of leaves. A key: {name, kind, key, id}, kind 1 a log's, 4 a witness's; hashes are 32 raw bytes.
import { bytes, canon, hex, join, same, unhex } from "../tbid.js";
import { mac, sha256, signed } from "./curve.js";

const [LOG, WITNESS] = [1, 4];
const MOST_BYTES = 1_000_000, MOST_LINES = 100, LONGEST_PATH = 63;
const DASH = "\u2014 ";
const MAGIC = "c2sp.org/tlog-proof@v1";

export class BadNote extends Error {}
const bad = (why) => { throw new BadNote(why); };

function unline(text, length) {
  let raw;
  try { raw = atob(text); } catch { bad("not base64"); }
  if (btoa(raw) !== text || (length !== undefined && raw.length !== length)) bad("not the one base64 of its bytes, or a wrong length");
  return Uint8Array.from(raw, (c) => c.charCodeAt(0));
}
function number(text) {
  if (!/^(0|[1-9][0-9]{0,15})$/.test(text) || !Number.isSafeInteger(Number(text))) bad("not a decimal number");
  return Number(text);
}
const named = (name) => (!name || /[\s+\u0000-\u001f]/.test(name) ? bad("not a key's name") : name);
function checkText(text) {
  if (!text.endsWith("\n") || /[\u0000-\u0009\u000b-\u001f]/.test(text)) bad("a note's text ends in a newline and has no control characters");
}

// name+id+base64(kind ‖ key), the form in which keys are handed out.
export function readKey(text) {
  const [, name, id, code] = /^([^+]*)\+([0-9a-f]{8})\+(.*)$/s.exec(text) ?? bad("a vkey is name+id+key");
  const raw = unline(code, 33);
  const found = { name: named(name), kind: raw[0], key: raw.slice(1), id };
  if (found.kind !== LOG && found.kind !== WITNESS) bad("only Ed25519 keys of the kinds 0x01 and 0x04");
  if (hex(sha256(join(bytes(`${name}\n`), raw)).slice(0, 4)) !== id) bad("the id of the vkey does not belong to its key");
  return found;
}

const u64 = (data) => data.reduce((sum, b) => (sum << 8n) | BigInt(b), 0n);

// Did this key sign the text? {time}: seconds, of a witness's signature only; null where it did not.
function accepted({ kind, key }, text, signature) {
  if (kind === LOG) return signed(key, bytes(text), signature) ? {} : null;
  if (signature.length !== 72 || signature[0] > 127) return null;
  const time = u64(signature.slice(0, 8));
  return signed(key, bytes(`cosignature/v1\ntime ${time}\n${text}`), signature.slice(8)) ? { time: Number(time) } : null;
}

// {text, by: Map key → {time?}} of a note that known keys signed; one bad signature of a known key spoils it.
export function openNote(whole, keys) {
  if (bytes(whole).length > MOST_BYTES) bad("note too long");
  checkText(whole);
  const cut = whole.lastIndexOf("\n\n");
  if (cut < 0) bad("no signatures");
  const text = whole.slice(0, cut + 1);
  const lines = whole.slice(cut + 2).split("\n");
  if (lines.pop() !== "" || !lines.length || lines.length > MOST_LINES) bad("signature lines missing, unfinished or too many");
  const by = new Map();
  for (const line of lines) {
    const [, name, code] = line.startsWith(DASH) ? /^([^ ]*) (.*)$/s.exec(line.slice(DASH.length)) ?? bad("not a signature line") : bad("not a signature line");
    const raw = unline(code);
    if (!named(name) || raw.length < 5) bad("not a signature line");
    const key = keys.find((one) => one.name === name && one.id === hex(raw.slice(0, 4)));
    if (!key || by.has(key)) continue;
    by.set(key, accepted(key, text, raw.slice(4)) ?? bad(`bad signature of ${name}`));
  }
  if (!by.size) bad("signed by no known key");
  return { text, by };
}

// A checkpoint of exactly this log: {text, size, root, times}; times: seconds of the known witnesses that signed too.
export function openCheckpoint(whole, { log, witnesses }) {
  const { text, by } = openNote(whole, [log, ...witnesses]);
  if (!by.has(log)) bad("the log itself has not signed");
  const [origin, size, code, ...more] = text.slice(0, -1).split("\n");
  if (code === undefined || !origin || more.some((line) => !line)) bad("a checkpoint has an origin, a size and a root");
  if (origin !== log.name) bad("the checkpoint of another log");
  return { text, size: number(size), root: unline(code, 32), times: witnesses.filter((one) => by.has(one)).map((one) => by.get(one).time) };
}

export const leafHash = (data) => sha256(join(Uint8Array.of(0), data));
export const nodeHash = (left, right) => sha256(join(Uint8Array.of(1), left, right));
const half = (n) => Math.floor(n / 2);

// RFC 9162 §2.1.3.2
export function includes(leaf, index, size, path, root) {
  if (!(index >= 0 && index < size)) return false;
  let [fn, sn, result] = [index, size - 1, leaf];
  for (const step of path) {
    if (sn === 0) return false;
    if (fn % 2 || fn === sn) {
      result = nodeHash(step, result);
      while (fn && fn % 2 === 0) [fn, sn] = [half(fn), half(sn)];
    } else result = nodeHash(result, step);
    [fn, sn] = [half(fn), half(sn)];
  }
  return sn === 0 && same(result, root);
}

// RFC 9162 §2.1.4.2: is the tree (old, oldRoot) a prefix of (size, root)?
export function continues(old, size, oldRoot, root, proof) {
  if (!(old > 0 && old <= size)) return false;
  if (old === size) return !proof.length && same(oldRoot, root);
  const path = Number.isInteger(Math.log2(old)) ? [oldRoot, ...proof] : [...proof];
  if (!path.length) return false;
  let [fn, sn] = [old - 1, size - 1];
  while (fn % 2) [fn, sn] = [half(fn), half(sn)];
  let [first, second] = [path[0], path[0]];
  for (const step of path.slice(1)) {
    if (sn === 0) return false;
    if (fn % 2 || fn === sn) {
      [first, second] = [nodeHash(step, first), nodeHash(step, second)];
      while (fn && fn % 2 === 0) [fn, sn] = [half(fn), half(sn)];
    } else second = nodeHash(second, step);
    [fn, sn] = [half(fn), half(sn)];
  }
  return sn === 0 && same(first, oldRoot) && same(second, root);
}

// An opened leaf {payload, salt, proof}: the ledger's leaf follows from the first two, the .tlog-proof leads from it to a
// checkpoint that the log and at least `quorum` witnesses signed. {payload, hash, index, head}.
export function openedLeaf(pins, given, quorum) {
  const payload = JSON.parse(given.payload);
  const salt = unhex(given.salt);
  if (canon(payload) !== given.payload || salt.length !== 32) bad("not canonical");
  const hash = leafHash(bytes(canon({ v: 1, o: hex(mac(salt, bytes(given.payload))) })));
  const cut = given.proof.indexOf("\n\n");
  const lines = given.proof.slice(0, cut).split("\n");
  if (cut < 0 || lines.shift() !== MAGIC) bad("not a tlog-proof");
  if (lines[0]?.startsWith("extra ")) unline(lines.shift().slice(6));
  if (!lines[0]?.startsWith("index ") || lines.length > LONGEST_PATH + 1) bad("no index, or a path too long");
  const [index, path] = [number(lines[0].slice(6)), lines.slice(1).map((line) => unline(line, 32))];
  const head = openCheckpoint(given.proof.slice(cut + 2), pins);
  if (!includes(hash, index, head.size, path, head.root)) bad("the path does not lead from the entry to the root");
  if (!(head.times.length >= quorum)) bad("too few witnesses");
  return { payload, hash, index, head };
}

// A rehearsal's stepped clock, signed by its log (kernel/rehearsal/clock_answer.py); ms. No other log is believed.
export function readClock(whole, log, nonce) {
  const [head, origin, said, moment, ...rest] = openNote(whole, [log]).text.split("\n");
  const good = log.name.startsWith("rehearsal.") && head === "mingbiao/time/v1" && origin === log.name && said === nonce && !rest.join("");
  return good ? number(moment) : bad("not this rehearsal's answer to this nonce");
}
