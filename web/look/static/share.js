// A party's contribution to a draw (tdraw/v1): 32 random bytes that never leave this computer before the reveal.
// commit = SHA-256("tdraw/commit/v1" + lp(party) + lp(bytes)); lp puts the length before a part, 4 bytes, big-endian.
const text = (value) => new TextEncoder().encode(value);
const hex = (bytes) => [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
const lp = (part) => { const out = new Uint8Array(4 + part.length); new DataView(out.buffer).setUint32(0, part.length); out.set(part, 4); return out; };

export async function commitment(party, bytes) {
  const parts = [text("tdraw/commit/v1"), lp(text(party)), lp(bytes)];
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) { all.set(part, at); at += part.length; }
  return hex(new Uint8Array(await crypto.subtle.digest("SHA-256", all)));
}

// The same bytes sealed to the tender's custodians (TBID1, part draw), who open them should this party fall silent.
export async function sealed(draw, party, key, share) {
  const [{ default: sodium }, tbid] = await Promise.all([import("../vendor/sodium.js"), import("./tbid.js")]);
  await sodium.ready;
  const file = await tbid.front(sodium, { tender: draw, lot: party, part: "draw", supplier: "0".repeat(64), version: 1, key }, share.length);
  const plain = new Uint8Array(file.length);
  plain.set(tbid.unsigned(share.length, 8));
  plain.set(share, 8);
  return tbid.join(file.raw, await tbid.encrypt(file.keys, 0, true, plain));
}

for (const box of document.querySelectorAll("[data-share]")) {
  const { party, share } = box.dataset;
  const [commit, reveal] = [box.querySelector("input[name=commit]"), box.querySelector("input[name=contribution]")];
  const kept = localStorage.getItem(`share/${share}/${party}`);
  if (reveal && kept) reveal.value = kept;
  const make = box.querySelector("[data-make]");
  if (!commit || !make) continue;
  make.hidden = false;
  make.addEventListener("click", async () => {
    const bytes = crypto.getRandomValues(new Uint8Array(32));
    localStorage.setItem(`share/${share}/${party}`, hex(bytes));
    commit.value = await commitment(party, bytes);
    const field = box.querySelector("input[name=sealed]");
    if (field) {
      const held = new DataTransfer();
      held.items.add(new File([await sealed(share, party, box.dataset.key, bytes)], "contribution.tbid"));
      field.files = held.files;
    }
    const keep = box.querySelector("[data-keep]");
    keep.hidden = false;
    keep.querySelector("code").textContent = hex(bytes);
  });
}
