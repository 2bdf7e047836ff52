// Signed acts in the browser. A form with data-sign is checked by the server first; then the person's own key signs
// exactly what was checked, and the form goes its usual way with the signature. Files travel once.
import { hex } from "./tbid.js";

const english = document.documentElement.lang === "en";
const say = (zh, en) => (english ? en : zh);
const KEPT = say("已填内容保留，可以再提交一次。", "What you entered is kept; send it again.");
const WORDS = {
  signed_out: say("登录已过期，没有提交。请重新登录后再办理。", "Your log-in has expired; nothing was sent. Sign in again first."),
  no_key: say("没有提交：您还没有可用于签名的密钥。请先在“我的”登记通行密钥。", "Nothing was sent: you have no key to sign with. Enrol a passkey under “Me” first."),
  unsupported: say("没有提交：此浏览器不支持通行密钥。", "Nothing was sent: this browser does not know passkeys."),
  passkey: say("没有签名，没有提交。", "Nothing was signed or sent."),
  wrong_password: say("没有签名：密钥文件的密码不对。", "Nothing was signed: the password of the key file is wrong."),
  not_a_keyfile: say("没有签名：选择的不是签名密钥文件。", "Nothing was signed: this is no key file."),
  differs: say("没有签名：中心给出的待签内容与所填不符，请联系中心。", "Nothing was signed: what the centre gave to sign is not this form. Contact the centre."),
  network: say("与中心的连接中断，没有提交。", "The connection to the centre broke; nothing was sent."),
};
const unbase = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
const held = new WeakMap(); // file input → {file, token}: what the centre has already

function element(name, properties, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

function place(form, submitter) {
  let at = submitter ?? form.lastElementChild;
  while (at.parentElement !== form) at = at.parentElement;
  return at;
}

function tell(form, submitter, ...content) {
  form.querySelector("[data-sign-said]")?.remove();
  if (!content.length) return;
  const box = element("div", { tabIndex: -1 }, ...content);
  box.dataset.signSaid = "";
  box.setAttribute("role", "alert");
  form.insertBefore(box, place(form, submitter));
  box.focus();
}

const note = (words, kind = "bad") => element("div", { className: `note ${kind}` }, element("p", {}, element("b", { textContent: words }), kind === "bad" ? ` ${KEPT}` : ""));

function problems(form, found) {
  const list = element("ul", {});
  for (const [name, words] of Object.entries(found)) {
    const field = form.elements[name];
    if (field instanceof Element) field.setAttribute("aria-invalid", "true");
    list.append(element("li", {}, field?.id ? element("a", { href: `#${field.id}`, textContent: words }) : words));
  }
  const count = Object.keys(found).length;
  return element("div", { className: "errors" }, element("h2", { textContent: say(`没有提交，有 ${count} 处需要修改`, `Nothing was sent: ${count} things to change`) }), list);
}

function carry(form, name, value) {
  const input = element("input", { type: "hidden", name, value });
  input.dataset.signed = "";
  form.append(input);
}

// Asks the centre whether it would take this form, and for the challenge. Throws {said: nodes}.
async function prepare(form, submitter, tag) {
  const body = new FormData(form, submitter);
  const files = [...form.querySelectorAll("input[type=file][name]")].filter((input) => input.files.length);
  for (const input of files) {
    const known = held.get(input);
    if (known?.file === input.files[0]) { body.delete(input.name); body.set(`${input.name}_kept`, known.token); }
  }
  let answer, told;
  try {
    answer = await fetch(`/do/${tag}/prepare`, { method: "POST", body });
    told = await answer.json();
  } catch { throw { said: [note(WORDS.network)] }; }
  if (answer.ok) {
    for (const input of files) held.set(input, { file: input.files[0], token: told.kept[`${input.name}_kept`] });
    return { ...told, files };
  }
  if (told.problems) {
    for (const input of files) held.delete(input);
    throw { said: [problems(form, told.problems)] };
  }
  if (told.panel) {
    const panel = element("div", {});
    panel.innerHTML = told.panel;
    throw { said: [panel] };
  }
  throw { said: [note(WORDS[told.code] ?? WORDS.network)] };
}

async function byPasskey(ready) {
  if (!window.PublicKeyCredential) throw { said: [note(WORDS.unsupported)] };
  const options = JSON.parse(ready.options);
  const publicKey = { ...options, challenge: unbase(options.challenge), allowCredentials: (options.allowCredentials ?? []).map((one) => ({ ...one, id: unbase(one.id) })) };
  let key;
  try { key = await navigator.credentials.get({ publicKey }); } catch { throw { said: [note(WORDS.passkey)] }; }
  const part = (name) => hex(new Uint8Array(key.response[name]));
  return { kind: "passkey", key: key.id, nonce: ready.nonce, signature: part("signature"), auth: part("authenticatorData"), client: part("clientDataJSON") };
}

async function byKeyfile(ready, tag, panel) {
  const { unlock, signText } = await import("./keyfile.js");
  const [file, password] = panel.querySelectorAll("input");
  let seed;
  try { seed = await unlock(await file.files[0].text(), password.value); } catch (error) { throw { said: [note(WORDS[error.message] ?? WORDS.not_a_keyfile)] }; }
  const what = JSON.parse(ready.signed);
  const made = signText(seed, ready.signed);
  seed.fill(0);
  if (what.tag !== tag || what.nonce !== ready.nonce || made.hash !== ready.h) throw { said: [note(WORDS.differs)] };
  password.value = "";
  return { kind: "keyfile", key: made.key, nonce: ready.nonce, signature: made.signature };
}

// Where the key file is chosen. Its fields have no name: neither file nor password is ever sent.
function keyPanel(form, submitter) {
  const row = (label, input) => element("div", { className: "field" }, element("label", {}, label, input));
  const file = element("input", { type: "file", className: "inp", accept: ".json,application/json" });
  const password = element("input", { type: "password", className: "inp", autocomplete: "off" });
  const panel = element("fieldset", { className: "field" }, element("legend", { textContent: say("用密钥文件签名", "Sign with the key file") }),
    element("p", { className: "hint", textContent: say("文件和密码只在本机使用。选好后再提交一次。", "File and password stay on this computer. Choose them and send again.") }),
    row(say("签名密钥文件", "Key file"), file), row(say("密钥文件密码", "Password of the key file"), password));
  panel.dataset.signKey = "";
  form.insertBefore(panel, place(form, submitter));
  file.focus();
}

async function sign(form, submitter, address) {
  const tag = /^\/do\/([\w.]+)$/.exec(address)?.[1] ?? form.dataset.sign;
  tell(form, submitter);
  const ready = await prepare(form, submitter, tag);
  if (!ready.kinds.length) throw { said: [note(WORDS.no_key)] };
  const panel = form.querySelector("[data-sign-key]");
  const chosen = panel?.querySelector("input[type=file]").files.length;
  if (ready.kinds[0] === "keyfile" && !chosen) {
    if (!panel) keyPanel(form, submitter);
    return;
  }
  let signature;
  if (chosen) signature = await byKeyfile(ready, tag, panel);
  else {
    try { signature = await byPasskey(ready); } catch (failure) {
      if (ready.kinds.includes("keyfile") && !panel) keyPanel(form, submitter);
      throw failure;
    }
  }
  for (const [name, value] of Object.entries(signature)) carry(form, `sig_${name}`, value);
  for (const input of ready.files) { carry(form, `${input.name}_kept`, held.get(input).token); input.disabled = true; }
  if (submitter?.name) carry(form, submitter.name, submitter.value);
  form.setAttribute("action", address);
  HTMLFormElement.prototype.submit.call(form);
}

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (event.defaultPrevented || !form.matches("form[data-sign]")) return;
  event.preventDefault();
  if (form.hasAttribute("aria-busy")) return;
  const { submitter } = event;
  const address = submitter?.getAttribute("formaction") ?? form.getAttribute("action");
  form.setAttribute("aria-busy", "true");
  try {
    await sign(form, submitter, address);
  } catch (failure) {
    if (!failure.said) throw failure;
    tell(form, submitter, ...failure.said);
  } finally {
    form.removeAttribute("aria-busy");
  }
});

// Back from the page that followed: the form is as it was before it was signed.
addEventListener("pageshow", () => {
  for (const input of document.querySelectorAll("form[data-sign] [data-signed]")) input.remove();
  for (const input of document.querySelectorAll("form[data-sign] input[type=file]")) input.disabled = false;
});
