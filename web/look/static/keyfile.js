// A signing key in a file that its holder keeps: Ed25519 seed under a password (argon2id, then XSalsa20-Poly1305).
// The password and the seed never leave this machine; the file alone is of no use to anybody.
import sodium from "../vendor/sodium.js";
import { bytes, canon, hex, join, unhex } from "./tbid.js";

export const KIND = "mingbiao/keyfile/v1";
const PREFIX = bytes("mingbiao/act/v1");
const COST = { ops: 3, mem: 67_108_864 }; // RFC 9106, second choice: 64 MiB, three passes

const boxKey = (password, salt, cost) =>
  sodium.crypto_pwhash(32, password, salt, cost.ops, cost.mem, sodium.crypto_pwhash_ALG_ARGON2ID13);

// A secret under a password: what of a file a password opens.
export async function lockUp(secret, password, cost = COST) {
  await sodium.ready;
  const [salt, nonce] = [sodium.randombytes_buf(16), sodium.randombytes_buf(24)];
  const box = sodium.crypto_secretbox_easy(secret, nonce, boxKey(password, salt, cost));
  return { ops: cost.ops, mem: cost.mem, salt: hex(salt), nonce: hex(nonce), box: hex(box) };
}

// The secret again. Throws "not_a_keyfile" or "wrong_password".
export async function takeOut(file, password) {
  await sodium.ready;
  if (!(file?.mem <= 1 << 30 && file.ops <= 20)) throw new Error("not_a_keyfile");
  try {
    return sodium.crypto_secretbox_open_easy(unhex(file.box), unhex(file.nonce), boxKey(password, unhex(file.salt), file));
  } catch { throw new Error("wrong_password"); }
}

// {public, seed, text}: a fresh key and the content of its file.
export async function make(password, cost = COST) {
  await sodium.ready;
  const seed = sodium.randombytes_buf(32);
  const pair = sodium.crypto_sign_seed_keypair(seed);
  const file = { v: 1, kind: KIND, public: hex(pair.publicKey), ...(await lockUp(seed, password, cost)) };
  return { public: file.public, seed, text: canon(file) };
}

// The seed in a key file. Throws "not_a_keyfile" or "wrong_password".
export async function unlock(text, password) {
  let file;
  try { file = JSON.parse(text); } catch { throw new Error("not_a_keyfile"); }
  if (file?.kind !== KIND) throw new Error("not_a_keyfile");
  const seed = await takeOut(file, password);
  if (hex(sodium.crypto_sign_seed_keypair(seed).publicKey) !== file.public) throw new Error("wrong_password");
  return seed;
}

// What proves possession when a key is certified: bound to centre, organisation and person.
export function possession(seed, origin, org, person) {
  const message = join(bytes("mingbiao/key/v1"), sodium.crypto_hash_sha256(bytes(canon({ v: 1, origin, org, person }))));
  return hex(sodium.crypto_sign_detached(message, sodium.crypto_sign_seed_keypair(seed).privateKey));
}

// The signature of an act: this machine builds what it signs from its own command, not from anything it was sent.
export function signAct(seed, origin, tag, cmd, nonce) {
  const { key, signature } = signText(seed, canon({ v: 1, origin, tag, cmd, nonce }));
  return { kind: "keyfile", key, nonce, signature };
}

// The same over the canonical text of an act that was filled in as a form; hash: its SHA-256.
export function signText(seed, text) {
  const pair = sodium.crypto_sign_seed_keypair(seed);
  const hash = sodium.crypto_hash_sha256(bytes(text));
  return { key: hex(pair.publicKey), hash: hex(hash), signature: hex(sodium.crypto_sign_detached(join(PREFIX, hash), pair.privateKey)) };
}

export const ready = sodium.ready;
