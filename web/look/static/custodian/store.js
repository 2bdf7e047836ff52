// What a custodian's browser keeps (IndexedDB), as its program keeps files: the locked seed, the pins, which terms each ceremony
// began with, which points were answered for which occasion, the largest checkpoint of each log, contributions to draws, what was done.
const NAME = "mingbiao-custodian";
const TABLES = ["own", "terms", "points", "heads", "draws", "done"];

const asked = (request) => new Promise((good, bad) => { request.onsuccess = () => good(request.result); request.onerror = () => bad(request.error); });

export async function openStore() {
  const opening = indexedDB.open(NAME, 1);
  opening.onupgradeneeded = () => { for (const table of TABLES) opening.result.createObjectStore(table); };
  return new Store(await asked(opening));
}

class Store {
  #db;
  constructor(db) { this.#db = db; }

  get(table, key) { return asked(this.#db.transaction(table).objectStore(table).get(key)); }

  // Map of everything in a table.
  async all(table) {
    const held = this.#db.transaction(table).objectStore(table);
    const [keys, values] = await Promise.all([asked(held.getAllKeys()), asked(held.getAll())]);
    return new Map(keys.map((key, at) => [key, values[at]]));
  }

  // On disk before it returns, all rows or none: nothing leaves the machine sooner.
  keep(table, rows) {
    const work = this.#db.transaction(table, "readwrite", { durability: "strict" });
    for (const [key, value] of rows) work.objectStore(table).put(value, key);
    return new Promise((good, bad) => { work.oncomplete = () => good(); work.onabort = work.onerror = () => bad(work.error); });
  }

  // The key and the pins leave this browser. What was answered stays, so that no point is ever answered twice.
  forget() {
    const work = this.#db.transaction("own", "readwrite", { durability: "strict" });
    work.objectStore("own").clear();
    return new Promise((good) => { work.oncomplete = () => good(); });
  }
}
