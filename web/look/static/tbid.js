// TBID1 in the browser: the byte format of docs/formats, the same as the offline tool writes. Pure but for WebCrypto.
// Every function that needs curves or hashes takes libsodium as `s`, so that a worker and a page may share this file.
export const CHUNK = 1 << 20;
export const TAG = 16;
const SMALLEST = 1 << 16;
const utf8 = new TextEncoder();
const HEADER_LIMIT = 16384;
const TAIL = 32 + 8 + 8 + 64;

export const bytes = (text) => utf8.encode(text);
export const hex = (data) => Array.from(data, (b) => b.toString(16).padStart(2, "0")).join("");
export function unhex(text) {
  if (!/^([0-9a-f]{2})*$/.test(text)) throw new Error("hex");
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16));
}
export function join(...parts) {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) { out.set(part, at); at += part.length; }
  return out;
}
export function unsigned(value, width) {
  const out = new Uint8Array(width);
  for (let rest = BigInt(value), i = width - 1; i >= 0; i--, rest >>= 8n) out[i] = Number(rest & 255n);
  return out;
}
const number = (data) => Number(data.reduce((sum, b) => (sum << 8n) | BigInt(b), 0n));
export function same(a, b) {
  let i = a.length === b.length ? 0 : -1;
  while (i >= 0 && i < a.length && a[i] === b[i]) i++;
  return i === a.length;
}

// RFC 8785 restricted: ASCII keys in order, arrays, strings, safe integers; nothing else has a form.
export function canon(value) {
  if (typeof value === "string") return JSON.stringify(value);
  if (Number.isSafeInteger(value)) return String(value);
  if (Array.isArray(value)) return `[${value.map(canon).join(",")}]`;
  if (value && typeof value === "object") return `{${Object.keys(value).sort().map((key) => `${JSON.stringify(key)}:${canon(value[key])}`).join(",")}}`;
  throw new Error("no canonical form");
}

const EMPTY = new Uint8Array(0);
const sha = (s, data) => s.crypto_hash_sha256(data);
export function hmac(s, key, data) {
  const state = s.crypto_auth_hmacsha256_init(key);
  s.crypto_auth_hmacsha256_update(state, data);
  return s.crypto_auth_hmacsha256_final(state);
}
export const supplierName = (s, salt, code) => hex(hmac(s, salt, bytes(code)));
export const extract = (s, salt, material) => hmac(s, salt.length ? salt : new Uint8Array(32), material);
export function expand(s, key, info, length = 32) {
  let [out, block] = [EMPTY, EMPTY];
  for (let counter = 1; out.length < length; counter++) out = join(out, (block = hmac(s, key, join(block, info, new Uint8Array([counter])))));
  return out.slice(0, length);
}

// HPKE (RFC 9180), DHKEM(X25519, HKDF-SHA256), base mode, exporter only.
const KEM = join(bytes("KEM"), unsigned(0x20, 2));
const SUITE = join(bytes("HPKE"), unsigned(0x20, 2), unsigned(1, 2), unsigned(3, 2));
const labelled = (s, suite, salt, label, material) => extract(s, salt, join(bytes("HPKE-v1"), suite, bytes(label), material));
const derived = (s, suite, key, label, info) => expand(s, key, join(unsigned(32, 2), bytes("HPKE-v1"), suite, bytes(label), info));
export function fileKey(s, dh, enc, receiver, info) {
  const shared = derived(s, KEM, labelled(s, KEM, EMPTY, "eae_prk", dh), "shared_secret", join(enc, receiver));
  const context = join(new Uint8Array([0]), labelled(s, SUITE, EMPTY, "psk_id_hash", EMPTY), labelled(s, SUITE, EMPTY, "info_hash", info));
  const exporter = derived(s, SUITE, labelled(s, SUITE, shared, "secret", EMPTY), "exp", context);
  return derived(s, SUITE, exporter, "sec", bytes("tbid file key v1"));
}

// The chunks' key, their base nonce, and the commitment that gives one file one meaning.
export async function bodyKeys(s, hh, key, lock = EMPTY) {
  const prk = extract(s, hh, join(key, lock));
  const raw = expand(s, prk, bytes("tbid/body-key"));
  const aes = await crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt", "decrypt"]);
  return { aes, base: expand(s, prk, bytes("tbid/base-nonce"), 12), commitment: expand(s, prk, bytes("tbid/key-commitment")) };
}
function nonce(keys, index, final) {
  const place = join(new Uint8Array([0, 0, 0, final ? 1 : 0]), unsigned(index, 8));
  return keys.base.map((b, i) => b ^ place[i]);
}
export const encrypt = async (keys, index, final, plain) =>
  new Uint8Array(await crypto.subtle.encrypt({ name: "AES-GCM", iv: nonce(keys, index, final) }, keys.aes, plain));
export const decrypt = async (keys, index, final, cipher) =>
  new Uint8Array(await crypto.subtle.decrypt({ name: "AES-GCM", iv: nonce(keys, index, final) }, keys.aes, cipher));

export function padded(size) {
  const whole = BigInt(size) + 8n;
  const exponent = BigInt(whole.toString(2).length - 1);
  const bits = exponent - BigInt(exponent.toString(2).length);
  const mask = (1n << bits) - 1n;
  return Math.max(SMALLEST, Number((whole + mask) & ~mask));
}

// Gives the memory of an array back at once, by sending it where nobody listens. Left to itself a browser gathers hundreds of
// megabytes of chunks before it looks; ArrayBuffer.transfer frees nothing of what WebCrypto or a Blob made. One channel for all:
// a channel of its own for each array is itself kept until the browser looks.
const { port1: nowhere, port2: shut } = new MessageChannel();
shut.close();
export const release = (data) => nowhere.postMessage(null, [data.buffer]);

// RFC 6962: leaves of the digest are the front of the file and each chunk's ciphertext.
const scratch = new Uint8Array(1 + CHUNK + TAG); // WebCrypto copies what it is given before it returns
export async function leaf(data) {
  scratch.set(data, 1);
  return new Uint8Array(await crypto.subtle.digest("SHA-256", scratch.subarray(0, 1 + data.length)));
}
export function root(s, leaves) {
  if (leaves.length < 2) return leaves[0] ?? sha(s, EMPTY);
  let half = 1;
  while (half * 2 < leaves.length) half *= 2;
  return sha(s, join(new Uint8Array([1]), root(s, leaves.slice(0, half)), root(s, leaves.slice(half))));
}

const statement = (hh, commitment, length, chunks) => join(bytes("tbid/pok/v1"), hh, commitment, unsigned(length, 8), unsigned(chunks, 8));

// How a header names a bidder's own lock without giving it away.
export const lockName = (s, secret) => hex(sha(s, join(bytes("tbid/lock"), secret)));

// The front of a file to be sealed. terms: tender, lot, part, supplier, version, key, prev? (hex where binary), lock? (bytes).
export async function front(s, terms, size) {
  const pair = s.crypto_sign_keypair();
  const { tender, lot, part, supplier, version, key } = terms;
  const fields = { v: 1, tender, lot, part, supplier, version, kem: "tx25519", aead: "aes-256-gcm", chunk: CHUNK, eph: hex(pair.publicKey), key };
  if (terms.prev) fields.prev = terms.prev;
  if (terms.lock) fields.lock = lockName(s, terms.lock);
  const header = bytes(canon(fields));
  const receiver = unhex(key);
  const dh = s.crypto_scalarmult(s.crypto_sign_ed25519_sk_to_curve25519(pair.privateKey), receiver);
  const secret = fileKey(s, dh, s.crypto_sign_ed25519_pk_to_curve25519(pair.publicKey), receiver, header);
  const hh = sha(s, header);
  const keys = await bodyKeys(s, hh, secret, terms.lock);
  const length = padded(size);
  const chunks = Math.ceil(length / CHUNK);
  const proof = s.crypto_sign_detached(statement(hh, keys.commitment, length, chunks), pair.privateKey);
  s.memzero(pair.privateKey);
  const raw = join(bytes("TBID1\n"), unsigned(header.length, 4), header, keys.commitment, unsigned(length, 8), unsigned(chunks, 8), proof);
  return { raw, keys, secret, length, chunks, total: raw.length + length + TAG * chunks };
}

const HEX = (value) => typeof value === "string" && /^[0-9a-f]{64}$/.test(value);
const NAME = (value) => typeof value === "string" && value !== "";
const AMONG = (...values) => (value) => values.includes(value);
const FIELDS = {
  v: AMONG(1), tender: NAME, lot: NAME, part: AMONG("price", "commercial", "technical", "base", "draw"), supplier: HEX,
  version: (value) => Number.isSafeInteger(value) && value >= 1, kem: AMONG("tx25519"), aead: AMONG("aes-256-gcm", "chacha20-poly1305"),
  chunk: AMONG(CHUNK), eph: HEX, key: HEX, prev: HEX, lock: HEX,
};
const SPARE = ["prev", "lock"];

// The front of a sealed file, read and found well-formed; its proof is for `proofHolds`. slice(start, end) gives the file's bytes.
export async function parseFront(s, slice) {
  const start = await slice(0, 10);
  if (!same(start.slice(0, 6), bytes("TBID1\n"))) throw new Error("not_an_envelope");
  const size = number(start.slice(6));
  if (size > HEADER_LIMIT) throw new Error("header_too_long");
  const raw = await slice(0, 10 + size + TAIL);
  if (raw.length < 10 + size + TAIL) throw new Error("truncated");
  const encoded = raw.slice(10, 10 + size);
  const header = JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(encoded));
  if (!same(bytes(canon(header)), encoded)) throw new Error("header_not_canonical");
  const names = new Set([...Object.keys(header), ...Object.keys(FIELDS).filter((name) => !SPARE.includes(name))]);
  for (const name of names) if (!Object.hasOwn(FIELDS, name) || !Object.hasOwn(header, name) || !FIELDS[name](header[name])) throw new Error("header_invalid");
  const tail = raw.slice(10 + size);
  const [commitment, length, chunks, proof] = [tail.slice(0, 32), number(tail.slice(32, 40)), number(tail.slice(40, 48)), tail.slice(48)];
  if (!Number.isSafeInteger(length) || padded(length - 8) !== length || Math.ceil(length / CHUNK) !== chunks) throw new Error("length_lies");
  return { raw, header, encoded, hh: sha(s, encoded), commitment, length, chunks, proof, total: raw.length + length + TAG * chunks };
}
export const proofHolds = (s, file) =>
  s.crypto_sign_verify_detached(file.proof, statement(file.hh, file.commitment, file.length, file.chunks), unhex(file.header.eph));

// The front of a sealed file, read and checked without any key.
export async function readFront(s, slice) {
  const file = await parseFront(s, slice);
  if (!proofHolds(s, file)) throw new Error("proof_false");
  return file;
}

// Opens a file by its file key and, where it has one, the secret of its lock; gives the data to `take`, chunk by chunk, in
// constant memory, and returns {digest, header}. What was taken is worth something only when this returns; a chunk is gone
// when `take` is done with it.
export async function open(s, slice, size, secret, take, lock) {
  const file = await readFront(s, slice);
  if (file.total !== size) throw new Error(file.total > size ? "truncated" : "appended");
  const keys = await bodyKeys(s, file.hh, secret, lock);
  if (!same(keys.commitment, file.commitment)) throw new Error("commitment");
  const leaves = [await leaf(file.raw)];
  let left;
  for (let index = 0, at = file.raw.length; index < file.chunks; index++) {
    const length = Math.min(CHUNK, file.length - index * CHUNK) + TAG;
    const cipher = await slice(at, at + length);
    leaves.push(await leaf(cipher));
    let plain;
    try { plain = await decrypt(keys, index, index === file.chunks - 1, cipher); } catch { throw new Error("flipped"); }
    release(cipher);
    if (index === 0) {
      left = number(plain.subarray(0, 8));
      if (left > file.length - 8) throw new Error("length_lies");
      plain = plain.subarray(8);
    }
    const data = plain.subarray(0, Math.min(left, plain.length));
    if (plain.subarray(data.length).some((b) => b)) throw new Error("padding_dirty");
    left -= data.length;
    if (data.length) await take(data);
    release(plain);
    at += length;
  }
  return { digest: hex(root(s, leaves)), header: file.header };
}

// The key ceremony as a bidder's own machine checks it: form, every custodian's signature, and that the tender's key is
// the sum of what they committed to. A server that swaps the key would read every bid.
export function checkCeremony(s, tender, key, transcript, signatures) {
  const fields = JSON.parse(transcript);
  if (canon(fields) !== transcript || fields.tender !== tender) throw new Error("transcript_malformed");
  const message = join(bytes("tbid/transcript/v1"), sha(s, bytes(transcript)));
  const n = fields.custodians.length;
  if (n < 2 || new Set(fields.custodians).size !== n || signatures.length !== n || fields.commitments.length !== n) throw new Error("transcript_malformed");
  fields.custodians.forEach((identity, i) => {
    if (!s.crypto_sign_verify_detached(unhex(signatures[i]), message, unhex(identity))) throw new Error("custodian_signature");
  });
  const points = fields.commitments.map((row) => unhex(row[0]));
  if (!points.every((point) => s.crypto_core_ed25519_is_valid_point(point))) throw new Error("point_bad");
  const sum = points.reduce((left, right) => s.crypto_core_ed25519_add(left, right));
  if (hex(s.crypto_sign_ed25519_pk_to_curve25519(sum)) !== key) throw new Error("key_differs");
  return fields.custodians;
}
