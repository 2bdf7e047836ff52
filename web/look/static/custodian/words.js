// What the custodian's page says.
const english = document.documentElement.lang === "en";
export const say = (zh, en) => (english ? en : zh);

export const TROUBLE = {
  bad_seed: say("种子应为 64 位十六进制。", "A seed has 64 hexadecimal digits."),
  short_password: say("密码至少 12 个字符。", "The password has at least 12 characters."),
  two_passwords: say("两次输入的密码不同。", "The two passwords differ."),
  wrong_password: say("密码不对，密钥没有解锁。", "The password is wrong; the key stays locked."),
  not_a_keyfile: say("选择的不是保管人的密钥文件。", "This is no custodian's key file."),
  no_prf: say("这个验证器不支持 PRF，不能锁住种子。请改用密码。", "This authenticator knows no PRF and cannot lock the seed. Use a password."),
  passkey: say("没有完成通行密钥验证，密钥没有变化。", "The passkey was not used; nothing has changed."),
  paper_differs: say("与种子的最后 8 位不符，请对照纸上重抄。", "These are not the last 8 digits; check your paper."),
  bad_key: say("公钥无法读取，请逐字核对。", "A key cannot be read; compare it letter by letter."),
  no_name: say("请填写名称和所在单位。", "Enter the name and the employer."),
  not_typed: say("与身份公钥的后 4 位不符，没有移除。", "These are not the last 4 digits; nothing was removed."),
  away: say("中心没有应答，没有办理。网络恢复后再试。", "The centre does not answer and nothing was done. Try again once the line is back."),
  not_program: say("中心不认这把密钥的签名。", "The centre does not know this key's signature."),
  forged: say("账本的应答没有通过核对，没有办理。请联系监督部门。", "The ledger's answer failed its check and nothing was done. Contact the supervising office."),
  no_store: say("浏览器不允许本页保存记录，不能保管密钥。请不要用无痕窗口。", "The browser lets this page keep no records, so it cannot keep a key. Use no private window."),
  broken: say("本页出错，没有办理。请重新打开本页。", "This page broke and nothing was done. Open it again."),
};

const CEREMONY = say("密钥仪式", "Key ceremony");
const DRAW = say("专家抽取", "Draw of experts");
// kind of a task → [what it is, its button]
export const DUTY = {
  commit: [say(`${CEREMONY}：作出承诺`, `${CEREMONY}: commit`), say("作出承诺", "Commit")],
  reveal: [say(`${CEREMONY}：公布承诺，分发份额`, `${CEREMONY}: reveal and deal shares`), say("公布", "Reveal")],
  confirm: [say(`${CEREMONY}：核对份额并签名`, `${CEREMONY}: check shares and sign`), say("核对并签名", "Check and sign")],
  answer: [say(`${CEREMONY}：答复质疑`, `${CEREMONY}: answer a complaint`), say("答复", "Answer")],
  open: [say("开标：部分解密", "Opening: decrypt in part"), say("解密", "Decrypt")],
  coefficient: [say("系数抽取：开启未公开的随机数", "Coefficient: open what was not shown"), say("开启", "Open")],
  draw_commit: [say(`${DRAW}：提交随机数承诺`, `${DRAW}: commit to a number`), say("提交", "Commit")],
  draw_reveal: [say(`${DRAW}：公开随机数`, `${DRAW}: show the number`), say("公开", "Show")],
  draw_silent: [say(`${DRAW}：开启未公开的随机数`, `${DRAW}: open what was not shown`), say("开启", "Open")],
};

const pad = (n) => String(n).padStart(2, "0");
// As everywhere in the house: Asia/Shanghai, which has no daylight saving.
export function moment(ms) {
  const at = new Date(ms + 8 * 3_600_000);
  return `${at.getUTCFullYear()}-${pad(at.getUTCMonth() + 1)}-${pad(at.getUTCDate())} ${pad(at.getUTCHours())}:${pad(at.getUTCMinutes())}`;
}
export const spaced = (digits, size = 4) => digits.match(new RegExp(`.{1,${size}}`, "g")).join(" ");
