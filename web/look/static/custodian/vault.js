// The custodian's seed in this browser: under a passkey whose authenticator gives a secret of its own (WebAuthn extension `prf`),
// or under a password (argon2id, as in keyfile.js). A record says only what opens it: {v, kind, public, …}.
import { bytes, hex, unhex } from "../tbid.js";
import { lockUp, takeOut } from "../keyfile.js";
import { identityKey } from "./ceremony.js";
import { derive, hide, random, show } from "./curve.js";

export const KIND = "mingbiao/custodian/v1";
const SHORTEST = 12;
const head = (seed) => ({ v: 1, kind: KIND, public: identityKey(seed) });

export const newSeed = () => random(32);
// A seed as it stands on paper: 64 hexadecimal digits, however they are spaced. The program takes the same.
export function readPaper(text) {
  const digits = text.replace(/\s/g, "").toLowerCase();
  if (!/^[0-9a-f]{64}$/.test(digits)) throw new Error("bad_seed");
  return unhex(digits);
}

export async function underPassword(seed, password) {
  if ([...password].length < SHORTEST) throw new Error("short_password");
  return { ...head(seed), ...(await lockUp(seed, password)) };
}

// The authenticator's secret for this salt. It answers only after it has verified its holder.
async function secretOf(credential, salt) {
  const publicKey = {
    challenge: random(32), userVerification: "required", allowCredentials: [{ type: "public-key", id: unhex(credential) }],
    extensions: { prf: { eval: { first: salt } } },
  };
  const answer = await navigator.credentials.get({ publicKey });
  const first = answer.getClientExtensionResults().prf?.results?.first;
  if (!first) throw new Error("no_prf");
  return derive(salt, new Uint8Array(first), bytes("mingbiao/custodian/prf/v1"));
}

export async function underPasskey(seed) {
  if (!globalThis.PublicKeyCredential) throw new Error("no_prf");
  const { public: identity } = head(seed);
  const publicKey = {
    rp: { name: "Mingbiao 明标" }, challenge: random(32),
    user: { id: random(16), name: `custodian ${identity.slice(0, 8)}`, displayName: `密钥保管 · Key custody ${identity.slice(0, 8)}` },
    pubKeyCredParams: [{ type: "public-key", alg: -8 }, { type: "public-key", alg: -7 }, { type: "public-key", alg: -257 }],
    authenticatorSelection: { userVerification: "required", residentKey: "preferred" }, extensions: { prf: {} },
  };
  const made = await navigator.credentials.create({ publicKey });
  if (!made.getClientExtensionResults().prf?.enabled) throw new Error("no_prf");
  const [credential, salt] = [hex(new Uint8Array(made.rawId)), random(32)];
  return { ...head(seed), credential, salt: hex(salt), ...hide(seed, await secretOf(credential, salt)) };
}

// The seed of a record. Throws "not_a_keyfile", "wrong_password", "no_prf", or what the authenticator says.
export async function open(record, password) {
  if (record?.kind !== KIND) throw new Error("not_a_keyfile");
  const seed = record.credential ? show(record, await secretOf(record.credential, unhex(record.salt))) : await takeOut(record, password);
  if (identityKey(seed) !== record.public) throw new Error("wrong_password");
  return seed;
}
