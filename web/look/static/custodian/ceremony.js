// The key ceremony as one custodian takes part in it, and its public record: the same bytes as trading/sealing/rules/ceremony.py
// and transcript.py. Terms: {ceremony, tender, k, custodians} with identity keys in hex; indices run from 1.
import { bytes, canon, hex, join, same, unhex } from "../tbid.js";
import * as curve from "./curve.js";

const BOX = 80; // bytes of a sealed share
const NAMES = ["boxes", "ceremony", "commitments", "custodians", "k", "proofs", "r0", "tender", "v"];
const one = (index) => Uint8Array.of(index);

// A ceremony's fault; index: the custodian whose fault it is, where it is one's.
export class Fault extends Error {
  constructor(code, index) { super(code); this.code = code; this.index = index; }
}

export const identityOf = (seed) => curve.derive(new Uint8Array(0), seed, bytes("tbid/identity/v1"));
export const identityKey = (seed) => hex(curve.pairOf(identityOf(seed)).publicKey);

export function termsOf({ ceremony, tender, k, custodians }) {
  const n = custodians.length;
  if (![ceremony, tender].every((name) => typeof name === "string" && name)) throw new Fault("ceremony_malformed");
  if (!(n >= 3 && n <= 255) || !Number.isInteger(k) || k < 2 || k > n) throw new Fault("ceremony_malformed");
  if (new Set(custodians).size !== n || !custodians.every((key) => curve.isPoint(unhex(key)))) throw new Fault("ceremony_malformed");
  return { ceremony, tender, k, custodians: [...custodians] };
}

export function indexOf(terms, identity) {
  const at = terms.custodians.indexOf(identity);
  if (at < 0) throw new Fault("not_a_custodian");
  return at + 1;
}

const challengeOf = (terms, index, commitment, first) => curve.h2s(bytes("tbid/pop/v1"), bytes(terms.ceremony), one(index), commitment, first);

// Coefficients, Feldman commitments and proof of possession; secret, and always made afresh from the seed.
export function deal(terms, index, seed) {
  const made = (info) => curve.reduce(curve.derive(bytes(terms.ceremony), seed, info, 64));
  const coefficients = Array.from({ length: terms.k }, (_, j) => made(join(bytes("tbid/coefficient/v1"), one(j))));
  const commitments = coefficients.map(curve.baseTimes);
  // Bound to all that the challenge depends on: the same nonce under two challenges would give a_0 away.
  const nonce = made(join(bytes("tbid/pop-nonce/v1"), one(index), commitments[0]));
  const first = curve.baseTimes(nonce);
  const answer = curve.plusScalar(nonce, curve.timesScalar(challengeOf(terms, index, commitments[0], first), coefficients[0]));
  return { index, coefficients, commitments, proof: join(first, answer) };
}

// What is posted in the first round.
export const r0 = (terms, made) => curve.sha256(join(bytes("tbid/r0/v1"), bytes(terms.ceremony), one(made.index), ...made.commitments, made.proof));

export const shareFor = (dealt, j) =>
  dealt.coefficients.reduceRight((result, coefficient) => curve.plusScalar(curve.timesScalar(curve.scalar(j), result), coefficient), curve.ZERO);

// The second round: each share in a box to the X25519 form of its custodian's key.
export const boxes = (terms, dealt) => terms.custodians.map((key, at) => curve.box(shareFor(dealt, at + 1), unhex(key)));

function checkReveal(terms, shown, posted) {
  const { index, commitments, proof } = shown;
  const whole = commitments.length === terms.k && shown.boxes.length === terms.custodians.length && proof.length === 64
    && commitments.every(curve.isPoint) && shown.boxes.every((box) => box.length === BOX || box.length === 32);
  if (!whole) throw new Fault("reveal_malformed", index);
  if (!same(r0(terms, shown), posted)) throw new Fault("reveal_differs", index);
  const [first, answer] = [proof.slice(0, 32), proof.slice(32)];
  const holds = curve.isScalar(answer) && curve.isPoint(first)
    && same(curve.baseTimes(answer), curve.plus(first, curve.times(challengeOf(terms, index, commitments[0], first), commitments[0])));
  if (!holds) throw new Fault("possession_false", index);
}

const fits = (commitments, j, share) => curve.isScalar(share) && same(curve.baseTimes(share), curve.evaluate(commitments, j));

// Reads and checks the whole public record. {raw, terms, reveals, key: hex u(Y)}.
export function readTranscript(raw) {
  let terms, posted, reveals;
  try {
    const fields = JSON.parse(raw);
    if (canon(fields) !== raw || Object.keys(fields).join() !== NAMES.join() || fields.v !== 1) throw new Error("fields");
    terms = termsOf(fields);
    const n = terms.custodians.length;
    if (![fields.r0, fields.proofs, fields.commitments, fields.boxes].every((list) => Array.isArray(list) && list.length === n)) throw new Error("length");
    posted = fields.r0.map(unhex);
    reveals = terms.custodians.map((_, at) => ({
      index: at + 1, commitments: fields.commitments[at].map(unhex), proof: unhex(fields.proofs[at]), boxes: fields.boxes[at].map(unhex) }));
  } catch { throw new Fault("transcript_malformed"); }
  for (const shown of reveals) {
    checkReveal(terms, shown, posted[shown.index - 1]);
    shown.boxes.forEach((box, at) => { if (box.length === 32 && !fits(shown.commitments, at + 1, box)) throw new Fault("share_wrong", shown.index); });
  }
  const total = Array.from({ length: terms.k }, (_, m) => curve.sum(reveals.map((shown) => shown.commitments[m])));
  if (!curve.isPoint(total[0]) || !terms.custodians.every((_, at) => curve.isPoint(curve.evaluate(total, at + 1)))) throw new Fault("transcript_malformed");
  return { raw, terms, reveals, key: hex(curve.montgomery(total[0])) };
}

const statement = (raw) => join(bytes("tbid/transcript/v1"), curve.sha256(bytes(raw)));
export const signTranscript = (transcript, seed) => curve.sign(identityOf(seed), statement(transcript.raw));
export const signedByAll = ({ raw, terms }, signatures) =>
  signatures.length === terms.custodians.length && terms.custodians.every((key, at) => curve.signed(unhex(key), statement(raw), unhex(signatures[at])));

// This custodian's share of the key, from its seed and the public record. Fault share_wrong names whom to complain about.
export function restore(seed, transcript) {
  const { terms, reveals } = transcript;
  const identity = identityOf(seed);
  const index = indexOf(terms, identityKey(seed));
  const own = deal(terms, index, seed).commitments;
  if (!reveals[index - 1].commitments.every((point, m) => same(point, own[m]))) throw new Fault("seed_differs");
  const parts = reveals.map((shown) => {
    const sealed = shown.boxes[index - 1];
    const share = sealed.length === 32 ? sealed : curve.unbox(sealed, identity);
    if (!share || !fits(shown.commitments, index, share)) throw new Fault("share_wrong", shown.index);
    return share;
  });
  return { index, value: parts.reduce(curve.plusScalar, curve.ZERO) };
}
