// Seals a bid on the bidder's own machine, chunk by chunk, and sends the ciphertext as it is made: no file is ever whole
// in memory, nothing readable ever leaves this thread. Each chunk is opened again and compared before it is sent.
import sodium from "../vendor/sodium.js";
import { CHUNK, bytes, canon, checkCeremony, decrypt, encrypt, front, hex, join, leaf, readFront, root, same, supplierName, TAG, unhex, unsigned } from "./tbid.js";

const tell = (kind, more = {}) => postMessage({ kind, ...more });
const FLYING = 2; // pieces of one file on their way at once
const ORDER = ["price", "commercial", "technical"];

// What a part is made of: byte arrays and files, read in order.
class Source {
  constructor(pieces) {
    this.pieces = pieces;
    this.size = pieces.reduce((sum, piece) => sum + (piece.size ?? piece.length), 0);
    [this.index, this.at] = [0, 0];
  }
  async read(length) {
    const found = [];
    for (let left = length; left && this.index < this.pieces.length;) {
      const piece = this.pieces[this.index];
      const end = Math.min(piece.size ?? piece.length, this.at + left);
      const part = piece instanceof Blob ? new Uint8Array(await piece.slice(this.at, end).arrayBuffer()) : piece.subarray(this.at, end);
      if (part.length !== end - this.at) throw new Error("source_changed");
      found.push(part);
      left -= part.length;
      this.at = end;
      if (end === (piece.size ?? piece.length)) [this.index, this.at] = [this.index + 1, 0];
    }
    return join(...found);
  }
}

// Puts raw pieces of whole chunks, the first with the front before them; a broken line is tried again from the same piece.
// While one piece fills, up to two are on their way; their buffers are used again, so that memory stays the same for any size.
class Upload {
  constructor(job, answer) { Object.assign(this, { job, ...answer, free: [], flying: [], filled: 0, sent: 0 }); }
  static async begin(job, part, size, front) {
    const upload = new Upload(job, await ask(job, "POST", "", JSON.stringify({ project: job.tender, lot: job.lot, part, size, front }), "application/json"));
    upload.room = Math.min(size, upload.piece + front);
    upload.next = upload.room; // bytes of the piece that fills
    return upload;
  }
  async push(data) {
    if (!this.buffer) {
      if (this.flying.length === FLYING) this.free.push(await this.flying.shift());
      this.buffer = this.free.pop() ?? new Uint8Array(this.room);
    }
    this.buffer.set(data, this.filled);
    this.filled += data.length;
    if (this.filled === this.next) this.put();
  }
  put() {
    const [buffer, path] = [this.buffer, `/${this.id}/${this.sent}`];
    const sent = ask(this.job, "PUT", path, buffer.subarray(0, this.filled), "application/octet-stream").then(() => buffer);
    sent.catch(() => {}); // told where it is waited for
    this.flying.push(sent);
    this.sent += 1;
    [this.buffer, this.filled, this.next] = [null, 0, this.piece];
  }
  async finish() {
    if (this.filled) this.put();
    await Promise.all(this.flying);
    return ask(this.job, "POST", `/${this.id}/finish`, "{}", "application/json");
  }
}

class Told extends Error {
  constructor(answer) { super(answer.code); this.answer = answer; }
}

async function ask(job, method, path, body, type) {
  for (let wait = 1000; ; wait = Math.min(wait * 2, 30_000)) {
    let answer;
    try {
      answer = await fetch(`/supplier/uploads${path}`, { method, body, headers: { "content-type": type, "x-csrf-token": job.csrf, accept: "application/json" } });
    } catch {
      tell("waiting", { seconds: wait / 1000 });
    }
    if (answer?.ok) return answer.json();
    if (answer && answer.status < 500) throw new Told(await answer.json().catch(() => ({ code: String(answer.status) })));
    await new Promise((go) => setTimeout(go, wait));
  }
}

const order = (a, b) => { const [x, y] = [[...a], [...b]]; for (let i = 0; i < Math.min(x.length, y.length); i++) if (x[i] !== y[i]) return x[i].codePointAt(0) - y[i].codePointAt(0); return x.length - y.length; };

// u32 length of a canonical index [[name, size], …], then the files in its order.
function packed(files) {
  const names = Object.keys(files).sort(order);
  const index = bytes(canon(names.map((name) => [name, files[name].size ?? files[name].length])));
  return new Source([unsigned(index.length, 4), index, ...names.map((name) => files[name])]);
}

async function digestOf(data) {
  const state = sodium.crypto_hash_sha256_init();
  for (const source = new Source([data]); ;) {
    const part = await source.read(CHUNK);
    if (!part.length) break;
    sodium.crypto_hash_sha256_update(state, part);
  }
  return hex(sodium.crypto_hash_sha256_final(state));
}

// The list of all plain files, signed by the bidder; it lies inside the sealed technical part.
async function manifest(job, plain) {
  const rows = [];
  for (const part of Object.keys(plain).sort()) {
    for (const name of Object.keys(plain[part]).sort(order)) {
      rows.push([part, name, plain[part][name].size ?? plain[part][name].length, await digestOf(plain[part][name])]);
    }
  }
  const body = bytes(canon({ tender: job.tender, lot: job.lot, version: job.version, files: rows }));
  const pair = job.signer ? sodium.crypto_sign_seed_keypair(unhex(job.signer)) : sodium.crypto_sign_keypair();
  const signature = sodium.crypto_sign_detached(join(bytes("tbid/manifest/v1"), sodium.crypto_hash_sha256(body)), pair.privateKey);
  return { "manifest.json": body, "manifest.sig": signature, "manifest.pub": pair.publicKey };
}

async function sealPart(job, part, source, supplier) {
  const file = await front(sodium, { tender: job.tender, lot: job.lot, part, supplier, version: job.version, key: job.key, prev: job.previous?.[part], lock: job.lock }, source.size);
  const upload = await Upload.begin(job, part, file.total, file.raw.length);
  const leaves = [await leaf(file.raw)];
  await upload.push(file.raw);
  for (let index = 0; index < file.chunks; index++) {
    const [length, final] = [Math.min(CHUNK, file.length - index * CHUNK), index === file.chunks - 1];
    const plain = new Uint8Array(length);
    if (index === 0) plain.set(unsigned(source.size, 8));
    const start = index === 0 ? 8 : 0;
    plain.set(await source.read(length - start), start);
    const cipher = await encrypt(file.keys, index, final, plain);
    if (!same(await decrypt(file.keys, index, final, cipher), plain)) throw new Error("self_check");
    leaves.push(await leaf(cipher));
    await upload.push(cipher);
    tell("progress", { part, done: Math.min(index + 1, file.chunks) * CHUNK, total: file.chunks * CHUNK });
  }
  if ((await source.read(1)).length) throw new Error("source_changed");
  return settled(part, upload, hex(root(sodium, leaves)), hex(file.secret));
}

// What the centre received must be what was made here.
async function settled(part, upload, digest, secret) {
  const kept = await upload.finish();
  if (kept.digest !== digest) throw new Error("digest_differs");
  const done = { part, upload: upload.id, digest };
  tell("part", { part, digest });
  return secret ? { ...done, secret } : done;
}

// A file that the offline tool sealed: its front is checked, then it is sent as it is.
async function sendPart(job, part, file) {
  const slice = async (start, end) => new Uint8Array(await file.slice(start, end).arrayBuffer());
  const head = await readFront(sodium, slice);
  const { tender, lot, key, version, part: named } = head.header;
  if (tender !== job.tender || lot !== job.lot || key !== job.key || version !== job.version || named !== part) throw new Error("wrong_context");
  if (Boolean(head.header.lock) !== (job.mode === "M2")) throw new Error(head.header.lock ? "lock_not_asked" : "lock_asked");
  if (head.total !== file.size) throw new Error(head.total > file.size ? "truncated" : "appended");
  const upload = await Upload.begin(job, part, file.size, head.raw.length);
  const leaves = [await leaf(head.raw)];
  await upload.push(head.raw);
  for (let index = 0, at = head.raw.length; index < head.chunks; index++) {
    const end = at + Math.min(CHUNK, head.length - index * CHUNK) + TAG;
    const cipher = await slice(at, end);
    leaves.push(await leaf(cipher));
    await upload.push(cipher);
    at = end;
    tell("progress", { part, done: at, total: file.size });
  }
  return settled(part, upload, hex(root(sodium, leaves)));
}

async function run(job) {
  await sodium.ready;
  const identities = checkCeremony(sodium, job.tender, job.key, job.transcript, job.signatures);
  if (job.pinned && job.pinned.join() !== identities.join()) throw new Error("identities_differ");
  const parts = ORDER.filter((part) => job.parts.includes(part));
  const done = [];
  if (job.sealed) {
    for (const part of parts) done.push(await sendPart(job, part, job.sealed[part]));
    tell("done", { parts: done, salt: job.salt });
    return;
  }
  const salt = crypto.getRandomValues(new Uint8Array(32));
  if (job.mode === "M2") job.lock = crypto.getRandomValues(new Uint8Array(32)); // the bidder's own lock, one for all parts
  const price = bytes(canon(job.price));
  const plain = { price: { "price.json": price }, ...(parts.length > 1 ? { commercial: { ...job.files.commercial }, technical: { ...job.files.technical } } : {}) };
  tell("listing");
  if (plain.technical) Object.assign(plain.technical, await manifest(job, plain));
  const supplier = supplierName(sodium, salt, job.code);
  for (const part of parts) done.push(await sealPart(job, part, part === "price" ? new Source([price]) : packed(plain[part]), supplier));
  tell("done", { parts: done.map(({ secret, ...ref }) => ref), salt: hex(salt), keys: Object.fromEntries(done.map((one) => [one.part, one.secret])), lock: job.lock && hex(job.lock) });
}

addEventListener("message", (event) => {
  run(event.data).catch((error) => tell("failed", error instanceof Told ? { refused: error.answer } : { code: error.message }));
});
