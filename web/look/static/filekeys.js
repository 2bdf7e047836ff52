// A bidder's key file, read on this machine: only what the field asks for is put into it, and the file itself is never sent.
const english = document.documentElement.lang === "en";
const WANTED = {
  secret: (file, due) => (due.length === 1 && due[0] === "price" && file.price_lock ? file.price_lock : file.lock) ?? "", // of two envelopes the price has its own
  keys: ({ kind, parts }, due) => JSON.stringify({ kind, parts: parts.filter(({ part }) => due.includes(part)).map(({ part, file_key }) => ({ part, file_key })) }),
};

function offer() {
  for (const [name, take] of Object.entries(WANTED)) {
    for (const field of document.querySelectorAll(`[data-filekeys] [name=${name}]:not([data-offered])`)) {
      const due = (field.closest("[data-filekeys]").dataset.due ?? "").split(" "); // no key leaves before its envelope's turn
      const input = Object.assign(document.createElement("input"), { type: "file", accept: ".json", className: "inp" });
      input.setAttribute("aria-label", english ? "Choose your key file" : "选择开封密钥文件");
      field.dataset.offered = "";
      field.before(input);
      input.addEventListener("change", async () => {
        try { field.value = take(JSON.parse(await input.files[0].text()), due); } catch { field.value = ""; }
        field.focus();
      });
    }
  }
}

offer();
document.addEventListener("exchanged", offer);
