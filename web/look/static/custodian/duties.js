// The list of what waits for a custodian, with what holds each back; one button a duty. Nothing is answered without it unless
// `auto` says so.
import { OPENS } from "./keeper.js";
import { DUTY, moment, say } from "./words.js";

const list = document.querySelector("[data-duties]");
const GATES = JSON.parse(list.dataset.gates);
const stencil = (name) => document.querySelector(`template[data-${name}]`).content.firstElementChild.cloneNode(true);
const key = ({ kind, project, draw, ceremony, accuser }) => [kind, project, draw, ceremony, accuser].join(" ");
const show = (element, on) => { element.hidden = !on; };

export class Duties {
  #keeper; #store; #auto; #again; #failed; #told = new Set(); #passed = new Map(); #held = new Map();
  // auto(): answer by itself? · again(): look anew · failed(error): what is no gate
  constructor(keeper, store, { auto, again, failed }) { [this.#keeper, this.#store, this.#auto, this.#again, this.#failed] = [keeper, store, auto, again, failed]; }

  // Asks the centre, looks at what would be opened, and lists it. How many wait.
  async refresh() {
    const tasks = await this.#keeper.tasks();
    const rows = [];
    for (const task of tasks) rows.push([task, await this.#seen(task)]);
    if (list.querySelector("[aria-busy]")) return rows.length;
    const focused = [...list.children].findIndex((row) => row.contains(document.activeElement));
    list.replaceChildren(...rows.map(([task, seen], at) => this.#row(task, seen, at + 1)));
    list.children[focused]?.querySelector("button").focus();
    show(document.querySelector("[data-quiet]"), !rows.length);
    const at = moment(await this.#keeper.now()).slice(11);
    document.querySelector("[data-asked]").textContent = say(`${at} 查看`, `looked at ${at}`);
    let answered = false;
    if (this.#auto()) for (const [at, [task, seen]] of rows.entries()) answered = (await this.#byItself(task, seen, list.children[at])) || answered;
    return answered ? this.refresh() : rows.length;
  }

  // What passed once is not fetched anew before it is answered, when everything is checked again. What a ceremony holds back is
  // known once it was tried.
  async #seen(task) {
    if (!OPENS.includes(task.kind)) return { gate: this.#held.get(key(task)) ?? "" };
    const seen = this.#passed.get(key(task)) ?? await this.#keeper.look(task);
    if (!seen.gate) this.#passed.set(key(task), seen);
    return seen;
  }

  // What was held back is said to the centre once, not at every look. True where the task was answered.
  async #byItself(task, { gate }, row) {
    if (this.#told.has(`${key(task)} ${gate || "refused"}`) || (gate && task.kind !== "open")) return false;
    return this.#answer(task, row);
  }

  #row(task, { gate, files, deadline }, number) {
    const row = stencil("duty");
    const find = (name) => row.querySelector(`[data-${name}]`);
    const [what, button] = DUTY[task.kind] ?? [task.kind, ""];
    row.querySelector(".no").textContent = number;
    find("what").textContent = what;
    const more = files === undefined ? task.k && say(`${task.custodians.length} 人中 ${task.k} 人`, `${task.k} of ${task.custodians.length}`)
      : `${say(`${files} 个文件`, `${files} files`)} · ${task.kind === "open" ? say("截止", "closed") : say("自", "since")} ${moment(deadline)} · ${say("核对全部通过", "all checks pass")}`;
    find("detail").textContent = [task.code, more].filter(Boolean).join(" · ");
    show(find("held"), gate);
    find("gate").textContent = gate && GATES[gate];
    const told = this.#told.has(`${key(task)} ${gate}`);
    const tell = gate && task.kind === "open";
    find("do").textContent = !tell ? button : told ? say("已告知", "Told") : say("告知中心", "Tell the centre");
    find("do").classList.toggle("p", !gate);
    find("do").disabled = tell && told;
    show(find("do"), DUTY[task.kind] && (!gate || tell || !OPENS.includes(task.kind)));
    find("do").addEventListener("click", () => this.#answer(task, row).then(this.#again, this.#failed));
    return row;
  }

  async #answer(task, row) {
    const [button, bar] = [row.querySelector("[data-do]"), row.querySelector("[data-bar]")];
    button.disabled = true;
    this.#passed.delete(key(task));
    row.setAttribute("aria-busy", "true");
    try {
      const { gate } = await this.#keeper.answer(task, (n, of) => { show(bar, true); bar.value = n / of; });
      if (gate) this.#told.add(`${key(task)} ${gate}`);
      this.#held.set(key(task), gate);
      return !gate;
    } finally {
      row.removeAttribute("aria-busy");
      button.disabled = false;
      await this.done();
    }
  }

  // Newest first.
  async done() {
    const rows = [...(await this.#store.all("done")).values()].sort((a, b) => b.at - a.at).slice(0, 50);
    document.querySelector("[data-done]").replaceChildren(...rows.map(({ at, kind, code, gate }) => {
      const line = stencil("line");
      line.querySelector("time").textContent = moment(at).slice(5);
      line.querySelector("[data-what]").textContent = [DUTY[kind]?.[0] ?? kind, code].filter(Boolean).join(" · ");
      const end = line.querySelector(".end");
      end.textContent = gate ? GATES[gate] : say("已应答", "answered");
      end.classList.add(gate ? "warn" : "ok");
      return line;
    }));
    show(document.querySelector("[data-none]"), !rows.length);
  }
}
