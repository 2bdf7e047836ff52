// What this page checks before it opens a silent party's contribution to a draw: trading/sealing/draw_gates.py line for line.
import { CHUNK, TAG, hex, leaf, parseFront, proofHolds, root, unhex } from "../tbid.js";
import sodium from "../../vendor/sodium.js";
import { isPoint } from "./curve.js";
import { Gate, behind, checkedTranscript, distinct, gate, unanswered, whole } from "./gates.js";
import { openedLeaf } from "./notes.js";

const SILENCE = 600_000; // ms
const NOBODY = "0".repeat(64);
const [RULES, COMMIT] = ["experts.fix_rules", "experts.commit"];
const [READ_OUT, COMMIT_COEFFICIENT] = ["trading.opening.read_out", "trading.opening.commit_coefficient"];

// All gates of one draw; what is given and taken is as in gates.js.
export async function clear(papers, pins, now, answered) {
  try {
    const draw = String(papers.draw);
    const transcript = checkedTranscript(papers);
    const { tender } = transcript.terms;
    if ("read_out" in papers && draw !== tender) gate("context");
    const { sealed, last, spoken } = "read_out" in papers ? coefficient(papers, pins, tender) : experts(papers, pins, draw, tender);
    if (now < spoken + SILENCE) gate("clock");
    const envelopes = await contributions(papers.files, draw, transcript, sealed);
    const occasion = { ceremony: transcript.terms.ceremony, tender: draw, close: hex(last.hash) };
    unanswered(envelopes, occasion, answered);
    return { occasion, transcript, envelopes, deadline: spoken, head: last.head };
  } catch (error) {
    throw error instanceof Gate ? error : new Gate("task");
  }
}

// Opened leaves of one tender, all in one checkpoint; one witness at least where this machine pins any.
function opened(given, pins, tender) {
  const leaves = given.map((one) => behind("leaf", () => openedLeaf(pins, one, Math.min(1, pins.witnesses.length))));
  if (leaves.some(({ head }) => head.text !== leaves[0].head.text)) gate("consistency");
  if (leaves.some(({ payload }) => payload.on !== tender)) gate("context");
  return leaves;
}

const sealedOf = (leaves) => new Map(leaves.map(({ payload }) => [payload.body.party, payload.body.sealed]));

function experts(papers, pins, draw, tender) {
  const [rules, ...commits] = opened([papers.rules, ...papers.commits], pins, tender);
  const wrong = ({ payload }, tag) => payload.tag !== tag || payload.body.draw !== draw;
  if (wrong(rules, RULES) || commits.some((one) => wrong(one, COMMIT))) gate("context");
  const sealed = sealedOf(commits);
  const { parties } = rules.payload.body;
  if (sealed.size !== commits.length || parties.length !== sealed.size || !parties.every((party) => sealed.has(party))) gate("list");
  if (commits.some(({ index }) => index <= rules.index)) gate("order");
  const last = commits.reduce((a, b) => (b.index > a.index ? b : a));
  return { sealed, last, spoken: Math.max(...commits.map(({ payload }) => whole(payload.t))) };
}

function coefficient(papers, pins, tender) {
  const [last, ...commits] = opened([papers.read_out, ...papers.commits], pins, tender);
  if (last.payload.tag !== READ_OUT || commits.some(({ payload }) => payload.tag !== COMMIT_COEFFICIENT)) gate("context");
  const sealed = sealedOf(commits);
  if (sealed.size !== commits.length) gate("list");
  if (commits.some(({ index }) => index >= last.index)) gate("order");
  return { sealed, last, spoken: whole(last.payload.t) };
}

// A sealed contribution is small and comes whole: its digest is computed here.
async function contribution(data) {
  const front = await parseFront(sodium, async (start, end) => data.slice(start, end));
  if (!isPoint(unhex(front.header.eph))) gate("point");
  if (!proofHolds(sodium, front) || front.total !== data.length) gate("proof");
  const leaves = [await leaf(front.raw)];
  for (let at = front.raw.length; at < data.length; at += CHUNK + TAG) leaves.push(await leaf(data.subarray(at, at + CHUNK + TAG)));
  return { front, digest: hex(root(sodium, leaves)) };
}

async function contributions(files, draw, transcript, sealed) {
  const read = new Map();
  for (const { party, sealed: data } of files) {
    const raw = unhex(data);
    let made;
    try { made = await contribution(raw); } catch (error) { throw error instanceof Gate ? error : new Gate("proof"); }
    const { header } = made.front;
    const wanted = { tender: draw, lot: party, part: "draw", supplier: NOBODY, version: 1, key: transcript.key };
    if (Object.entries(wanted).some(([name, value]) => header[name] !== value)) gate("context");
    if (made.digest !== sealed.get(party)) gate("list");
    read.set(made.digest, made.front);
  }
  distinct(read);
  return read;
}
