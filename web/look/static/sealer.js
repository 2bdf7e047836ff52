// Seals a bid on the bidder's own machine, chunk by chunk, and sends the ciphertext as it is made: no file is ever whole
// in memory, nothing readable ever leaves this thread. Each chunk is opened again and compared before it is sent.
// Buffers are used again or given back by hand, so that memory stays the same for any size.
import { Told, ask as asked } from "./asking.js";
import sodium from "../vendor/sodium.js";
import { CHUNK, bytes, canon, checkCeremony, decrypt, encrypt, front, hex, join, leaf, readFront, release, root, same, supplierName, TAG, unhex, unsigned } from "./tbid.js";

const tell = (kind, more = {}) => postMessage({ kind, ...more });
const FLYING = 3; // pieces of one file on their way at once
const ORDER = ["price", "commercial", "technical"];

// What a part is made of: byte arrays and files, read in order.
class Source {
  constructor(pieces) {
    this.pieces = pieces;
    this.size = pieces.reduce((sum, piece) => sum + (piece.size ?? piece.length), 0);
    [this.index, this.at] = [0, 0];
  }
  // Fills `into` as far as there is anything; how many bytes came.
  async read(into) {
    let done = 0;
    while (done < into.length && this.index < this.pieces.length) {
      const piece = this.pieces[this.index];
      const end = Math.min(piece.size ?? piece.length, this.at + into.length - done);
      const part = piece instanceof Blob ? new Uint8Array(await piece.slice(this.at, end).arrayBuffer()) : piece.subarray(this.at, end);
      if (part.length !== end - this.at) throw new Error("source_changed");
      into.set(part, done);
      done += part.length;
      if (piece instanceof Blob) release(part);
      this.at = end;
      if (end === (piece.size ?? piece.length)) [this.index, this.at] = [this.index + 1, 0];
    }
    return done;
  }
}

// Puts raw pieces of whole chunks, the first with the front before them; a broken line is tried again from the same piece.
class Upload {
  constructor(job, answer) { Object.assign(this, { job, ...answer, flying: [], filled: 0, sent: 0 }); }
  static async begin(job, part, size, front) {
    const upload = new Upload(job, await ask(job, "", { project: job.tender, lot: job.lot, part, size, front }));
    upload.next = Math.min(size, upload.piece + front); // bytes of the piece that fills
    upload.buffer = new Uint8Array(upload.next);
    return upload;
  }
  async push(data) {
    if (!this.buffer) {
      if (this.flying.length === FLYING) await this.flying.shift();
      this.buffer = await this.taken;
      if (!this.buffer.length) await Promise.all(this.flying); // its sender failed, and says why
    }
    this.buffer.set(data, this.filled);
    this.filled += data.length;
    if (this.filled === this.next) this.put();
  }
  put() {
    const { taken, arrived } = send(this.job, `/${this.id}/${this.sent}`, this.buffer, this.filled);
    this.flying.push(arrived);
    this.sent += 1;
    [this.buffer, this.taken, this.filled, this.next] = [null, taken, 0, this.piece];
  }
  async finish() {
    if (this.filled) this.put();
    await Promise.all(this.flying);
    return ask(this.job, `/${this.id}/finish`, {});
  }
}

const ask = (job, path, body) => asked(job.csrf, (seconds) => tell("waiting", { seconds }), "POST", path, JSON.stringify(body), "application/json");

// A fresh sender that is ready to take its piece: its script, too, comes over a line that may be down.
async function ready() {
  for (let wait = 1000; ; wait = Math.min(wait * 2, 30_000)) {
    const sender = new Worker(new URL("./sender.js", import.meta.url), { type: "module" });
    const came = await new Promise((told) => {
      sender.onmessage = () => told(true);
      sender.onerror = (event) => { event.preventDefault(); told(false); };
    });
    if (came) return sender;
    tell("waiting", { seconds: wait / 1000 });
    await new Promise((go) => setTimeout(go, wait));
  }
}

// One piece by a sender of its own. taken: the buffer, as soon as it may be filled again · arrived: when the centre has the piece.
function send(job, path, buffer, size) {
  let given;
  const taken = new Promise((told) => { given = told; });
  const arrived = ready().then((sender) => new Promise((done, failed) => {
    const end = (how, what) => { sender.terminate(); given(buffer); how(what); };
    sender.onmessage = ({ data }) => {
      if (data.seconds) tell("waiting", data);
      else if (data.buffer) given(data.buffer);
      else if (data.arrived) end(done);
      else end(failed, data.refused ? new Told(data.refused) : new Error(data.code));
    };
    sender.onerror = (event) => { event.preventDefault(); end(failed, new Error("worker")); };
    sender.postMessage({ csrf: job.csrf, path, buffer, size }, [buffer.buffer]);
  }));
  arrived.catch(() => {}); // told where it is waited for
  return { taken, arrived };
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
  const [source, buffer] = [new Source([data]), new Uint8Array(CHUNK)];
  for (let count; (count = await source.read(buffer));) sodium.crypto_hash_sha256_update(state, buffer.subarray(0, count));
  return hex(sodium.crypto_hash_sha256_final(state));
}

// The list of all plain files, signed by the bidder; it lies inside the sealed technical part. Of two envelopes the price form is not
// in it: the committee reads the list first, and the hash would give the amount away to whoever tries amounts.
async function manifest(job, plain) {
  const rows = [];
  for (const part of Object.keys(plain).filter((one) => job.envelopes !== 2 || one !== "price").sort()) {
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
  const file = await front(sodium, { tender: job.tender, lot: job.lot, part, supplier, version: job.version, key: job.key, prev: job.previous?.[part], lock: part === "price" && job.priceLock ? job.priceLock : job.lock }, source.size);
  const upload = await Upload.begin(job, part, file.total, file.raw.length);
  const leaves = [await leaf(file.raw)];
  await upload.push(file.raw);
  const buffer = new Uint8Array(CHUNK);
  for (let index = 0; index < file.chunks; index++) {
    const [length, final] = [Math.min(CHUNK, file.length - index * CHUNK), index === file.chunks - 1];
    const plain = buffer.subarray(0, length);
    if (index === 0) plain.set(unsigned(source.size, 8));
    const start = index === 0 ? 8 : 0;
    plain.fill(0, start + await source.read(plain.subarray(start)));
    const cipher = await encrypt(file.keys, index, final, plain);
    const again = await decrypt(file.keys, index, final, cipher);
    if (!same(again, plain)) throw new Error("self_check");
    release(again);
    leaves.push(await leaf(cipher));
    await upload.push(cipher);
    release(cipher);
    tell("progress", { part, done: Math.min(index + 1, file.chunks) * CHUNK, total: file.chunks * CHUNK });
  }
  if (await source.read(new Uint8Array(1))) throw new Error("source_changed");
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
    release(cipher);
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
  if (job.mode === "M2" && job.envelopes === 2) job.priceLock = crypto.getRandomValues(new Uint8Array(32)); // of two envelopes the price has its own
  const price = bytes(canon(job.price));
  const plain = { price: { "price.json": price }, ...(parts.length > 1 ? { commercial: { ...job.files.commercial }, technical: { ...job.files.technical } } : {}) };
  tell("listing");
  if (plain.technical) Object.assign(plain.technical, await manifest(job, plain));
  const supplier = supplierName(sodium, salt, job.code);
  for (const part of parts) done.push(await sealPart(job, part, part === "price" ? new Source([price]) : packed(plain[part]), supplier));
  tell("done", { parts: done.map(({ secret, ...ref }) => ref), salt: hex(salt), keys: Object.fromEntries(done.map((one) => [one.part, one.secret])), lock: job.lock && hex(job.lock), priceLock: job.priceLock && hex(job.priceLock) });
}

addEventListener("message", (event) => {
  run(event.data).catch((error) => tell("failed", error instanceof Told ? { refused: error.answer } : { code: error.message }));
});
