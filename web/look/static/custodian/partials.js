// Partial decryptions with their proofs (trading/sealing/rules/partials.py): D = s·A, and that the share behind it is the one
// behind this custodian's key. Occasion: {ceremony, tender, close} with the hash of the leaf that ends the waiting, hex.
import { bytes, canon, hex, join, proofHolds, unhex } from "../tbid.js";
import sodium from "../../vendor/sodium.js";
import { Fault, identityOf } from "./ceremony.js";
import * as curve from "./curve.js";

const PAUSE = 16; // partials between two breaths of the page

export const contextOf = ({ ceremony, tender, close }, { lot, part }, digest) => bytes(canon({ ceremony, tender, lot, part, digest, close }));

export function partial(share, point, context) {
  if (!curve.isPoint(point)) throw new Fault("point_bad");
  const [key, result] = [curve.baseTimes(share.value), curve.times(share.value, point)];
  const nonce = curve.h2s(bytes("tbid/dleq-nonce/v1"), share.value, curve.random(32), context, point); // hedged with the share
  const challenge = curve.h2s(bytes("tbid/dleq/v1"), context, key, point, result, curve.baseTimes(nonce), curve.times(nonce, point));
  return { point: result, challenge, answer: curve.plusScalar(nonce, curve.timesScalar(challenge, share.value)) };
}

// {batch, signature}: a custodian's whole answer. envelopes: Map digest → front; told(n, of) hears of every few.
export async function answerAll(seed, share, occasion, envelopes, key, told = () => {}) {
  if (new Set([...envelopes.values()].map((file) => file.header.eph)).size !== envelopes.size) throw new Fault("point_repeated");
  const rows = [];
  for (const [digest, file] of [...envelopes].sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (file.header.tender !== occasion.tender || file.header.key !== key) throw new Fault("wrong_context");
    if (!proofHolds(sodium, file)) throw new Fault("proof_false");
    const made = partial(share, unhex(file.header.eph), contextOf(occasion, file.header, digest));
    rows.push([digest, hex(made.point), hex(made.challenge), hex(made.answer)]);
    if (rows.length % PAUSE === 0) {
      told(rows.length, envelopes.size);
      await new Promise((go) => setTimeout(go));
    }
  }
  const batch = canon({ v: 1, ...occasion, index: share.index, partials: rows });
  return { batch, signature: hex(curve.sign(identityOf(seed), join(bytes("tbid/partials/v1"), curve.sha256(bytes(batch))))) };
}
