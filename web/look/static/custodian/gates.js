// What this page checks before it answers an opening, whatever the server says: trading/sealing/gates.py line for line.
// papers: JSON of the mailbox · pins: {log, witnesses} · now: this machine's own clock, ms · answered: point (hex) → occasion or undefined.
import { bytes, hex, parseFront, proofHolds, root, same, unhex } from "../tbid.js";
import sodium from "../../vendor/sodium.js";
import { readTranscript, signedByAll, termsOf } from "./ceremony.js";
import { isPoint, sha256 } from "./curve.js";
import { continues, leafHash, openedLeaf } from "./notes.js";

const PUTS = ["trading.bids.submit", "trading.bids.replace"];
const CALL = "evaluation.open_price";

// A check that failed; code: one of trading/sealing/gates.py GATES.
export class Gate extends Error {
  constructor(code) { super(code); this.code = code; }
}
export const gate = (code) => { throw new Gate(code); };

// What `act` gives; any other trouble than a gate of its own is the gate `code`.
export function behind(code, act) {
  try { return act(); } catch (error) { throw error instanceof Gate ? error : new Gate(code); }
}
// A value of JSON is compared only once it is known to be a whole number.
export function whole(value) {
  if (!Number.isSafeInteger(value)) throw new TypeError("not a whole number");
  return value;
}

export const terms = (task) => behind("task", () => termsOf({ ...task, tender: task.project }));
// What is remembered of a ceremony from its first word on.
export const digestOfTerms = (given) =>
  hex(sha256(new Uint8Array([...bytes(`${given.ceremony} ${given.tender} ${given.k} `), ...given.custodians.flatMap((key) => [...unhex(key)])])));

// Every identity of a ceremony stands in a leaf of enrolment: else the server could be all the other custodians.
export function enrolled(pins, task) {
  behind("enrolled", () => {
    const leaves = task.enrolments.map((given) => openedLeaf(pins, given, 0).payload);
    const keys = new Set(leaves.filter((leaf) => leaf.tag === "trading.sealing.enrol_custodian" && !("step" in leaf)).map((leaf) => leaf.body.key));
    if (!task.custodians.every((key) => keys.has(key))) gate("enrolled");
  });
}

export function checkedTranscript({ transcript, signatures }) {
  if (transcript === undefined || signatures === undefined) gate("task");
  return behind("transcript", () => {
    const read = readTranscript(transcript);
    return signedByAll(read, signatures) ? read : gate("transcript");
  });
}

// All gates of an opening, or of its second envelopes. {occasion, transcript, envelopes: Map digest → front, deadline, head}.
export async function clear(papers, pins, now, answered) {
  try {
    return await cleared(papers, pins, now, answered);
  } catch (error) {
    throw error instanceof Gate ? error : new Gate("task");
  }
}

async function cleared(papers, pins, now, answered) {
  const { project, files } = papers;
  const transcript = checkedTranscript(papers);
  if (transcript.terms.tender !== project) gate("transcript");
  const close = closed(papers, pins);
  const { body } = close.payload;
  const notice = noticed(papers, pins, body);
  if (now < whole(body.deadline)) gate("clock");
  const named = leavesOf(papers, pins, body, notice.index, close);
  const read = await fronts(files, project, transcript, named);
  listed(body, read, named);
  const staged = whole(notice.body.envelopes) === 2;
  const price = (digest) => named.get(digest).part === "price";
  let [last, envelopes] = [close, new Map([...read].filter(([digest]) => !staged || !price(digest)))];
  if ("call" in papers) [last, envelopes] = called(papers, pins, body, close, now, new Map([...read].filter(([digest]) => !envelopes.has(digest))));
  const occasion = { ceremony: transcript.terms.ceremony, tender: project, close: hex(last.hash) };
  unanswered(envelopes, occasion, answered);
  return { occasion, transcript, envelopes, deadline: body.deadline, head: last.head };
}

export function unanswered(envelopes, { tender, close }, answered) {
  for (const { header } of envelopes.values()) {
    const before = answered(header.eph);
    if (before !== undefined && before !== `${tender} ${close}`) gate("repeated");
  }
}

function closed(papers, pins) {
  const close = behind("close_leaf", () => openedLeaf(pins, papers.close, 0));
  if (close.payload.tag !== "trading.bids.close" || close.payload.on !== papers.project) gate("close_leaf");
  return close;
}

// A deadline never moves earlier than the notice said; grace and quorum never move at all.
const noticed = (papers, pins, body) => behind("notice", () => {
  const { payload, index } = openedLeaf(pins, papers.notice, 0);
  if (payload.tag !== "trading.notices.publish" || payload.on !== papers.project) gate("notice");
  const told = payload.body;
  if (whole(body.deadline) < whole(told.deadline) || whole(body.grace) !== told.grace || whole(body.quorum) !== told.quorum) gate("notice");
  return { body: told, index };
});

// The leaf by which a committee called for the second envelopes, and exactly the files it names.
function called(papers, pins, body, close, now, prices) {
  const { call, wanted } = behind("call", () => {
    const opened = openedLeaf(pins, papers.call, body.quorum);
    return { call: opened, wanted: new Set(opened.payload.body.digests.map((digest) => (unhex(digest), digest))) };
  });
  const { payload, index, head } = call;
  if (payload.tag !== CALL || payload.on !== papers.project || head.text !== close.head.text || index <= close.index) gate("call");
  if (now < whole(payload.t)) gate("clock");
  if (!wanted.size || ![...wanted].every((digest) => prices.has(digest))) gate("list");
  return [call, new Map([...prices].filter(([digest]) => wanted.has(digest)))];
}

// digest → {body of its leaf, part}, of every bid leaf after the notice and before the close that was witnessed in time.
function leavesOf(papers, pins, body, notice, close) {
  const known = new Map([[close.head.size, close.head.root]]);
  const named = new Map();
  for (const given of papers.leaves) {
    const { payload, index, head } = behind("leaf", () => openedLeaf(pins, given, body.quorum));
    if (!PUTS.includes(payload.tag) || payload.on !== papers.project) gate("leaf");
    if (index >= close.index) gate("order");
    if (index <= notice) gate("notice");
    inTime(head, body);
    follows(head, close.head, known, papers.consistency);
    for (const [part, digest] of Object.entries(payload.body.parts)) named.set(digest, { body: payload.body, part });
  }
  return named;
}

// The quorum-th witness signed by deadline + grace.
function inTime(head, body) {
  const times = [...head.times].sort((a, b) => a - b);
  if (times.slice(0, body.quorum).some((time) => time * 1000 > body.deadline + body.grace * 1000)) gate("late");
}

// The early checkpoint is a prefix of the one with the close leaf, or that one of it: one log, not two.
function follows(early, head, known, proofs) {
  if (known.has(early.size)) {
    if (!same(known.get(early.size), early.root)) gate("consistency");
    return;
  }
  const [old, fresh] = early.size < head.size ? [early, head] : [head, early];
  const path = (Object.hasOwn(proofs, early.size) ? proofs[early.size] : []).map(unhex);
  if (!continues(old.size, fresh.size, old.root, fresh.root, path)) gate("consistency");
  known.set(early.size, early.root);
}

async function fronts(files, project, transcript, named) {
  const read = new Map();
  for (const { digest, head } of files) {
    const raw = unhex(head);
    const { body, part } = named.get(digest) ?? gate("list");
    if (body.heads[part] !== hex(sha256(raw))) gate("list");
    let front;
    try { front = await parseFront(sodium, async (start, end) => raw.slice(start, end)); } catch { gate("proof"); }
    const { header } = front;
    if (header.tender !== project || header.key !== transcript.key || header.part !== part || header.lot !== body.lot) gate("context");
    if (!isPoint(unhex(header.eph))) gate("point");
    if (!proofHolds(sodium, front)) gate("proof");
    read.set(digest, front);
  }
  distinct(read);
  return read;
}

export function distinct(envelopes) {
  if (new Set([...envelopes.values()].map(({ header }) => header.eph)).size !== envelopes.size) gate("distinct");
}

// The files are exactly those of the closing roots, lot by lot.
function listed(body, read, named) {
  const lots = new Map(Object.keys(body.roots).map((lot) => [lot, []]));
  for (const digest of read.keys()) {
    const { lot } = named.get(digest).body;
    lots.set(lot, [...(lots.get(lot) ?? []), digest]);
  }
  for (const [lot, digests] of lots) {
    const found = hex(root(sodium, digests.sort().map((digest) => leafHash(unhex(digest)))));
    if (!Object.hasOwn(body.roots, lot) || body.roots[lot] !== found) gate("list");
  }
}
