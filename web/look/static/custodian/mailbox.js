// The custodian's mailbox over HTTP, each request signed by its own key (docs/formats/programs.md). No cookie goes along: the
// signature alone says who asks.
import { bytes, hex, join, unsigned } from "../tbid.js";
import { identityOf } from "./ceremony.js";
import { random, sha256, sign } from "./curve.js";
import { readClock } from "./notes.js";

const lp = (parts) => join(...parts.flatMap((part) => [unsigned(bytes(part).length, 4), bytes(part)]));
const ROOT = "/api/programs";

// What the centre would not do; rule: its guard.
export class Refused extends Error {
  constructor(rule, answer) { super(rule); this.rule = rule; this.answer = answer; }
}

// The centre does not answer.
export class Away extends Error {}

export async function reach(path, options = {}) {
  let answer;
  try { answer = await fetch(path, { credentials: "omit", ...options }); } catch { throw new Away("network"); }
  if (answer.status >= 500) throw new Away(String(answer.status));
  return answer;
}

async function fetched(path, options = {}) {
  const answer = await reach(path, { cache: "no-store", ...options });
  if ([404, 409, 422].includes(answer.status)) throw new Refused(answer.headers.get("mingbiao-rule") ?? "refused", await answer.json().catch(() => ({})));
  if (!answer.ok) throw new Away(String(answer.status));
  return answer;
}

// What a program gives with its key at enrolment.
export const possession = (seed, origin, name) =>
  hex(sign(identityOf(seed), join(bytes("mingbiao/program/v1"), lp([origin, "custodian", name]))));

// The opened leaf of an identity's enrolment; null while there is none.
export async function enrolment(identity) {
  try { return await (await fetched(`${ROOT}/custodians/${identity}`)).json(); } catch (error) { if (error instanceof Refused) return null; throw error; }
}

export class Mailbox {
  #seed;
  constructor(program, seed, log) { this.program = program; this.#seed = seed; this.log = log; }

  async #ask(method, path, fields) {
    const body = fields === undefined ? "" : JSON.stringify(fields);
    const { nonce } = await (await fetched(`${ROOT}/nonces`, { method: "POST", body: JSON.stringify({ program: this.program }) })).json();
    const said = lp([this.program, method, ROOT + path, hex(sha256(bytes(body))), nonce]);
    const headers = {
      "content-type": "application/json", "mingbiao-program": this.program, "mingbiao-nonce": nonce,
      "mingbiao-signature": hex(sign(identityOf(this.#seed), join(bytes("mingbiao/request/v1"), said))),
    };
    return (await fetched(ROOT + path, { method, headers, body: body || undefined })).json();
  }

  tasks() { return this.#ask("GET", "/tasks"); }
  fetch(path) { return this.#ask("GET", path); }
  post(path, fields) { return this.#ask("POST", path, fields); }

  // This machine's own clock; in a rehearsal the stepped one, signed by the pinned log.
  async now() {
    if (!this.log.name.startsWith("rehearsal.")) return Date.now();
    const nonce = hex(random(16));
    return readClock(await (await fetched(`${ROOT}/time?nonce=${nonce}`)).text(), this.log, nonce);
  }
}
