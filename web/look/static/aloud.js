// Reads the prices out where the browser can speak. The button stands in the page hidden and stays so where it cannot.
const words = () => [...document.querySelectorAll("[data-say]")].map((row) => row.dataset.say);

function ready() {
  const button = document.querySelector("[data-aloud]");
  if (!button || !("speechSynthesis" in window)) return;
  button.hidden = false;
  button.onclick = () => {
    if (speechSynthesis.speaking) { speechSynthesis.cancel(); button.setAttribute("aria-pressed", "false"); return; }
    button.setAttribute("aria-pressed", "true");
    for (const line of words()) {
      const said = new SpeechSynthesisUtterance(line);
      said.lang = document.documentElement.lang === "en" ? "en" : "zh-CN";
      said.rate = 0.9;
      said.onend = () => { if (!speechSynthesis.pending) button.setAttribute("aria-pressed", "false"); };
      speechSynthesis.speak(said);
    }
  };
}
ready();
document.addEventListener("exchanged", ready);
