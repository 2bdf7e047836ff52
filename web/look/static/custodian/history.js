// One log and not two: the largest checkpoint that this browser has seen, and the proof out of the ledger's public tiles
// (C2SP tlog-tiles) that the next one continues it, or is continued by it.
import { hex, root, unhex } from "../tbid.js";
import sodium from "../../vendor/sodium.js";
import { gate } from "./gates.js";
import { reach } from "./mailbox.js";
import { continues, nodeHash } from "./notes.js";

const WIDTH = 256, HASH = 32;
const half = (n) => 2 ** Math.floor(Math.log2(n - 1)); // the largest power of two below n

function path(level, n, width) {
  const digits = String(n).padStart(Math.ceil(String(n).length / 3) * 3, "0").match(/.{3}/g);
  const last = digits.pop();
  return `/ledger/tile/${level}/${digits.map((part) => `x${part}/`).join("")}${last}${width < WIDTH ? `.p/${width}` : ""}`;
}

// Hashes of ranges of leaves out of the tiles of a tree of `size`; nothing of it is believed before the proof is checked.
function spanOf(size) {
  const tiles = new Map();
  async function load(level, n) {
    const width = Math.min(WIDTH, Math.floor(size / WIDTH ** level) - n * WIDTH);
    for (const name of new Set([path(level, n, width), path(level, n, WIDTH)])) {
      const answer = await reach(name);
      if (answer.ok) return new Uint8Array(await answer.arrayBuffer());
    }
    return gate("history");
  }
  return async function span(lo, hi) {
    const count = hi - lo;
    const bits = Math.log2(count);
    if (!Number.isInteger(bits)) return nodeHash(await span(lo, lo + half(count)), await span(lo + half(count), hi));
    const level = Math.floor(bits / 8);
    const at = Math.floor(lo / WIDTH ** level);
    const name = `${level} ${Math.floor(at / WIDTH)}`;
    if (!tiles.has(name)) tiles.set(name, load(level, Math.floor(at / WIDTH)));
    const start = (at % WIDTH) * HASH;
    const cut = (await tiles.get(name)).slice(start, start + HASH * 2 ** (bits % 8));
    return root(sodium, Array.from({ length: cut.length / HASH }, (_, i) => cut.slice(i * HASH, (i + 1) * HASH)));
  };
}

// RFC 9162 §2.1.4.1
async function proofOf(old, size) {
  const span = spanOf(size);
  const walk = async (m, lo, hi, complete) => {
    if (m === hi - lo) return complete ? [] : [await span(lo, hi)];
    const k = half(hi - lo);
    if (m <= k) return [...(await walk(m, lo, lo + k, complete)), await span(lo + k, hi)];
    return [...(await walk(m - k, lo + k, hi, false)), await span(lo, lo + k)];
  };
  return walk(old, 0, size, true);
}

// Gate `history` where the head and the largest one seen so far are not of one log; otherwise the larger is remembered.
export async function remember(store, origin, head) {
  const seen = await store.get("heads", origin);
  const fresh = { size: head.size, root: hex(head.root) };
  if (seen) {
    const [old, large] = seen.size < fresh.size ? [seen, fresh] : [fresh, seen];
    const proof = old.size === large.size ? [] : await proofOf(old.size, large.size);
    if (!continues(old.size, large.size, unhex(old.root), unhex(large.root), proof)) gate("history");
  }
  if (!seen || fresh.size > seen.size) await store.keep("heads", [[origin, fresh]]);
}
