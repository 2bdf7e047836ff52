// A custodian at work in a browser, as trading/sealing/custodian.py and cli/contributor.py are on a machine of their own. The server
// is only the mailbox. seed: 32 secret bytes · store: what this browser keeps · pins: {log, witnesses}.
import { bytes, hex } from "../tbid.js";
import { commitment, sealed } from "../share.js";
import * as rounds from "./ceremony.js";
import { derive, hide, random, sha256, show } from "./curve.js";
import * as drawgates from "./drawgates.js";
import * as gates from "./gates.js";
import { Gate, gate } from "./gates.js";
import { remember } from "./history.js";
import { Refused } from "./mailbox.js";
import { answerAll } from "./partials.js";

const part = encodeURIComponent;
const PAPERS = {
  open: ({ project }) => `/openings/${part(project)}`,
  coefficient: ({ project }) => `/openings/${part(project)}/coefficient`,
  draw_silent: ({ draw }) => `/draws/${part(draw)}/silent`,
};
export const OPENS = Object.keys(PAPERS);
// One thing at a time, in whatever tabs.
export const alone = (act) => navigator.locks.request("mingbiao/custodian", act);

export class Keeper {
  #seed; #store; #mailbox; #pins;
  constructor({ seed, store, mailbox, pins }) {
    [this.#seed, this.#store, this.#mailbox, this.#pins] = [seed, store, mailbox, pins];
    this.identity = rounds.identityKey(seed);
  }

  tasks() { return this.#mailbox.tasks(); }
  now() { return this.#mailbox.now(); }

  // What stands before a task of opening, without answering it: {gate, files?, deadline?}.
  async look(task) {
    try {
      const { envelopes, deadline } = await this.#cleared(task);
      return { gate: "", files: envelopes.size, deadline };
    } catch (error) { return { gate: codeOf(error) }; }
  }

  // Does one task: {at, kind, on, code, gate}, gate empty where it was answered.
  answer(task, told) {
    return alone(async () => {
      const { kind, project } = task;
      const at = await this.now();
      let found = "";
      try { await this.#do(kind, task, told); } catch (error) { found = codeOf(error); }
      if (found && kind === "open") await this.#report(project, found);
      const done = { at, kind, on: String(project), code: task.code, gate: found };
      await this.#store.keep("done", [[`${done.at} ${kind} ${task.draw ?? project}`, done]]);
      return done;
    });
  }

  async #do(kind, task, told) {
    if (OPENS.includes(kind)) return this.#open(kind, task, told);
    if (kind.startsWith("draw_")) return this.#draw(kind, task);
    const terms = gates.terms(task);
    if (!terms.custodians.includes(this.identity)) gate("seed");
    const dealt = () => rounds.deal(terms, rounds.indexOf(terms, this.identity), this.#seed);
    const { ceremony } = terms;
    if (kind === "commit") {
      gates.enrolled(this.#pins, task);
      await this.#rememberTerms(terms);
      return this.#mailbox.post("/acts/post_commitment", { ceremony, hash: hex(rounds.r0(terms, dealt())) });
    }
    if ((await this.#store.get("terms", ceremony)) !== gates.digestOfTerms(terms)) gate("terms");
    if (kind === "reveal") {
      const made = dealt();
      return this.#mailbox.post("/acts/post_shares", {
        ceremony, commitments: made.commitments.map(hex), proof: hex(made.proof), boxes: rounds.boxes(terms, made).map(hex) });
    }
    if (kind === "confirm") return this.#confirm(terms, task);
    if (kind !== "answer") gate("task");
    return this.#mailbox.post("/acts/answer_blame", { ceremony, accuser: task.accuser, share: hex(rounds.shareFor(dealt(), task.accuser)) });
  }

  // Two sets of terms under one id would deal shares twice.
  async #rememberTerms(terms) {
    const [known, fresh] = [await this.#store.get("terms", terms.ceremony), gates.digestOfTerms(terms)];
    if (known !== undefined && known !== fresh) gate("terms");
    await this.#store.keep("terms", [[terms.ceremony, fresh]]);
  }

  // Signs only a transcript of the terms it began with, in which its own reveal stands and every box fits.
  async #confirm(terms, task) {
    const { ceremony } = terms;
    let transcript;
    try {
      transcript = rounds.readTranscript(task.transcript);
      if (gates.digestOfTerms(transcript.terms) !== gates.digestOfTerms(terms)) gate("terms");
      rounds.restore(this.#seed, transcript);
    } catch (error) {
      if (error instanceof Gate) throw error;
      if (error.code === "share_wrong") return this.#mailbox.post("/acts/blame", { ceremony, accused: error.index });
      throw new Gate("transcript");
    }
    return this.#mailbox.post("/acts/confirm", {
      ceremony, transcript: hex(sha256(bytes(transcript.raw))), signature: hex(rounds.signTranscript(transcript, this.#seed)) });
  }

  async #cleared(task) {
    const papers = await this.#mailbox.fetch(PAPERS[task.kind](task));
    if (task.kind !== "open" && papers.draw !== (task.draw ?? task.project)) gate("context");
    const points = await this.#store.all("points");
    const rules = task.kind === "open" ? gates : drawgates;
    const cleared = await rules.clear(papers, this.#pins, await this.#mailbox.now(), (point) => points.get(point));
    if (task.kind === "open" && cleared.transcript.terms.tender !== task.project) gate("context");
    await remember(this.#store, this.#pins.log.name, cleared.head);
    return cleared;
  }

  async #open(kind, task, told) {
    const cleared = await this.#cleared(task);
    const { occasion, transcript, envelopes } = cleared;
    let made;
    try {
      made = await answerAll(this.#seed, rounds.restore(this.#seed, transcript), occasion, envelopes, transcript.key, told);
    } catch (error) { throw new Gate(["seed_differs", "not_a_custodian"].includes(error.code) ? "seed" : "proof"); }
    const name = `${occasion.tender} ${occasion.close}`;
    await this.#store.keep("points", [...envelopes.values()].map(({ header }) => [header.eph, name]));
    if (kind === "open") return this.#mailbox.post("/acts/post_partials", { project: occasion.tender, ...made });
    if (kind === "coefficient") return this.#mailbox.post("/acts/break_silence", { project: occasion.tender, ...made });
    return this.#mailbox.post(`/draws/${part(occasion.tender)}/partials`, made);
  }

  // The centre's contribution is kept before it is sent: one whose value is lost only the other custodians could open.
  async #draw(kind, { draw, party, key }) {
    const own = derive(new Uint8Array(0), this.#seed, bytes("mingbiao/custodian/draws/v1"));
    if (kind === "draw_commit") {
      const value = random(32);
      await this.#store.keep("draws", [[draw, hide(value, own)]]);
      return this.#mailbox.post(`/draws/${part(draw)}/commit`, { commit: await commitment(party, value), sealed: hex(await sealed(draw, party, key, value)) });
    }
    if (kind !== "draw_reveal") gate("task");
    const kept = await this.#store.get("draws", draw);
    return this.#mailbox.post(`/draws/${part(draw)}/reveal`, { value: hex(show(kept, own)) });
  }

  async #report(project, code) {
    try { await this.#mailbox.post("/acts/report_gate", { project, gate: code }); } catch { /* said before, or the opening is over */ }
  }
}

// A gate as it is; "refused" where the centre would not take the answer, or a ceremony is malformed. Anything else is no gate.
function codeOf(error) {
  if (error instanceof Gate) return error.code;
  if (error instanceof Refused || error instanceof rounds.Fault) return "refused";
  throw error;
}
