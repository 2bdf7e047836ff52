// Scoring with the keyboard: what was typed is saved at once, Tab behind the reason goes to the next cell, [ and ] to the
// next bidder. The same form works without this.
const form = document.querySelector("[data-marks]");

if (form) {
  const [saved, saving, lost] = form.dataset.words.split("|");
  const stamp = document.querySelector("[data-saved]");
  const problem = form.querySelector("[data-problem]");
  const { score, reason } = form.elements;
  const written = () => `${score.value}\n${reason.value}`;
  let kept = written();
  let running = Promise.resolve(true);

  const save = () => {
    running = running.then(async () => {
      if (!score.value || written() === kept) return true;
      if (!form.checkValidity()) return false;
      const now = written();
      stamp.textContent = saving;
      try {
        const answer = await fetch(form.action, { method: "POST", body: new FormData(form), redirect: "manual" });
        if (answer.type === "opaqueredirect" || answer.ok) {
          kept = now;
          problem.hidden = true;
          stamp.textContent = `${document.querySelector("[data-clock-now]").textContent.slice(0, 5)} ${saved}`;
          return true;
        }
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        problem.textContent = page.querySelector(".refuse h2, .note.bad b")?.textContent ?? lost;
      } catch { problem.textContent = lost; }
      problem.hidden = false;
      stamp.textContent = lost;
      return false;
    });
    return running;
  };
  const leave = async (address) => { if (await save()) location.assign(address); };

  form.addEventListener("change", save);
  form.addEventListener("submit", (event) => { event.preventDefault(); if (form.reportValidity()) leave(form.dataset.next); });
  reason.addEventListener("keydown", (event) => {
    if (event.key === "Tab" && !event.shiftKey && score.value) { event.preventDefault(); leave(form.dataset.next); }
  });
  document.addEventListener("keydown", (event) => {
    if (event.target.matches?.("textarea, input:not([type=number]):not([type=radio])") || event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.key === "[" || event.key === "]") { event.preventDefault(); leave(event.key === "[" ? form.dataset.left : form.dataset.right); }
  });
  for (const level of form.querySelectorAll("input[name=level]")) level.addEventListener("change", () => { if (!score.value) score.value = level.value; score.focus(); });
  score.select();
}
