// Makes a signing key on this computer, saves its file, and fills in the form that has its public half certified.
import { make, possession } from "./keyfile.js";

const english = document.documentElement.lang === "en";
const form = document.querySelector("form[data-certify]");
const target = document.querySelector("[data-finish] form");
form.hidden = false;

function say(zh, en) {
  const line = form.querySelector("[data-why]");
  line.textContent = english ? en : zh;
  line.hidden = false;
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const { secret, again } = form.elements;
  if ([...secret.value].length < 12) return say("密码至少 12 个字符。", "The password has at least 12 characters.");
  if (secret.value !== again.value) return say("两次输入的密码不同。", "The two passwords differ.");
  const button = form.querySelector("[type=submit]");
  button.disabled = true;
  const key = await make(secret.value);
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([key.text], { type: "application/json" }));
  link.download = `mingbiao-${key.public.slice(0, 8)}.key.json`;
  link.click();
  const { origin, org, person } = form.dataset;
  target.elements.public.value = key.public;
  target.elements.proof.value = possession(key.seed, origin, org, person);
  key.seed.fill(0);
  form.reset();
  target.closest("details").open = true;
  target.querySelector("[type=submit]").focus();
});
