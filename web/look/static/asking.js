// Requests of the sealing worker and of its senders: asked again, ever more slowly, while the line is down or the server ill.
export class Told extends Error {
  constructor(answer) { super(answer.code); this.answer = answer; }
}

export async function ask(csrf, waiting, method, path, body, type) {
  for (let wait = 1000; ; wait = Math.min(wait * 2, 30_000)) {
    let answer;
    try {
      answer = await fetch(`/supplier/uploads${path}`, { method, body, headers: { "content-type": type, "x-csrf-token": csrf, accept: "application/json" } });
    } catch {
      waiting(wait / 1000);
    }
    if (answer?.ok) return answer.json();
    if (answer && answer.status < 500) throw new Told(await answer.json().catch(() => ({ code: String(answer.status) })));
    await new Promise((go) => setTimeout(go, wait));
  }
}
