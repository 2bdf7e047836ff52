// edwards25519 as a custodian needs it: scalars modulo ℓ, points, hashing to scalars, signatures; the same as
// trading/sealing/rules/scalars.py. Scalars have 32 bytes, little-endian; points their 32 bytes of RFC 8032.
import sodium from "../../vendor/sodium.js";
import { expand, extract, hex, hmac, join, same, unhex, unsigned } from "../tbid.js";

await sodium.ready;
const ORDER = (1n << 252n) + 27742317777372353535851937790883648493n;
const BASE = new Uint8Array(32).fill(0x66).fill(0x58, 0, 1);
const ORDER_TWO = unsigned((1n << 255n) - 20n, 32).reverse(); // the point (0, -1)
const IDENTITY = unsigned(1, 32).reverse();
export const ZERO = new Uint8Array(32);

export const random = (size) => sodium.randombytes_buf(size);
export const sha256 = (data) => sodium.crypto_hash_sha256(data);
export const mac = (key, data) => hmac(sodium, key, data);
// HKDF-SHA256 (RFC 5869) of a secret.
export const derive = (salt, secret, info, length = 32) => expand(sodium, extract(sodium, salt, secret), info, length);

export const reduce = (wide) => sodium.crypto_core_ed25519_scalar_reduce(wide);
export const scalar = (value) => unsigned(((BigInt(value) % ORDER) + ORDER) % ORDER, 32).reverse();
export const isScalar = (data) => data.length === 32 && BigInt(`0x${hex(data.slice().reverse())}`) < ORDER;
export const h2s = (...parts) => reduce(sodium.crypto_hash_sha512(join(...parts.flatMap((part) => [unsigned(part.length, 8), part]))));
export const plusScalar = (a, b) => sodium.crypto_core_ed25519_scalar_add(a, b);
export const timesScalar = (a, b) => sodium.crypto_core_ed25519_scalar_mul(a, b);

// libsodium refuses zero and the identity, which hostile commitments can bring about.
export const baseTimes = (k) => (same(k, ZERO) ? IDENTITY : sodium.crypto_scalarmult_ed25519_base_noclamp(k));
export const times = (k, point) => (same(k, ZERO) || same(point, IDENTITY) ? IDENTITY : sodium.crypto_scalarmult_ed25519_noclamp(k, point));
export const plus = (p, q) => sodium.crypto_core_ed25519_add(p, q);
export const sum = (points) => points.reduce(plus, IDENTITY);
export const isPoint = (data) => data.length === 32 && sodium.crypto_core_ed25519_is_valid_point(data);
// Σ x^m·A_m: what a polynomial is worth at x, in the exponent.
export const evaluate = (commitments, x) => commitments.reduceRight((result, one) => plus(times(scalar(x), result), one), IDENTITY);
export function montgomery(point) {
  if (!isPoint(point)) throw new Error("not a point of the prime-order subgroup");
  return sodium.crypto_sign_ed25519_pk_to_curve25519(point);
}

export const pairOf = (seed) => sodium.crypto_sign_seed_keypair(seed);
export const sign = (seed, message) => sodium.crypto_sign_detached(message, pairOf(seed).privateKey);
export const signed = (key, message, signature) =>
  key.length === 32 && signature.length === 64 && sodium.crypto_sign_verify_detached(signature, message, key);

export const box = (data, point) => sodium.crypto_box_seal(data, montgomery(point));
// What was boxed to the key of this identity seed; null where it cannot be opened.
export function unbox(data, identity) {
  const pair = pairOf(identity);
  try { return sodium.crypto_box_seal_open(data, montgomery(pair.publicKey), sodium.crypto_sign_ed25519_sk_to_curve25519(pair.privateKey)); } catch { return null; }
}
// A secret of this machine under a key that only it derives.
export function hide(data, key) {
  const nonce = random(24);
  return { nonce: hex(nonce), box: hex(sodium.crypto_secretbox_easy(data, nonce, key)) };
}
export const show = (hidden, key) => sodium.crypto_secretbox_open_easy(unhex(hidden.box), unhex(hidden.nonce), key);

// CVE-2025-69277: a library that takes B + (0, -1) for a point of the subgroup would give bits of a share away.
if (isPoint(plus(BASE, ORDER_TWO)) || !isPoint(BASE)) throw new Error("this libsodium accepts points outside the prime-order subgroup");
