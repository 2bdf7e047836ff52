// Amounts as people type and read them: yuan with two decimals, whole fen inside, Chinese capital figures beside.
const DIGITS = "零壹贰叁肆伍陆柒捌玖";

// Whole fen of what was typed as BigInt; null when it is no amount; 0n when nothing was typed.
export function fen(text) {
  const plain = text.replace(/[,，\s]/g, "");
  if (!plain) return 0n;
  const found = /^(\d{1,13})(?:\.(\d{1,2}))?$/.exec(plain);
  return found ? BigInt(found[1]) * 100n + BigInt((found[2] ?? "").padEnd(2, "0")) : null;
}

export function yuan(amount) {
  const text = String(amount).padStart(3, "0");
  return `${text.slice(0, -2).replace(/\B(?=(\d{3})+$)/g, ",")}.${text.slice(-2)}`;
}

function section(number) {
  for (const [unit, name] of [[100_000_000n, "亿"], [10_000n, "万"]]) {
    if (number < unit) continue;
    const [high, low] = [number / unit, number % unit];
    return section(high) + name + (low && low < unit / 10n ? "零" : "") + (low ? section(low) : "");
  }
  let [text, gap] = ["", false];
  for (const [unit, name] of [[1000n, "仟"], [100n, "佰"], [10n, "拾"], [1n, ""]]) {
    const digit = Number(number / unit % 10n);
    if (digit) { text += (gap && text ? "零" : "") + DIGITS[digit] + name; gap = false; } else gap = true;
  }
  return text;
}

export function capitals(amount) {
  const [whole, jiao, rest] = [amount / 100n, Number(amount / 10n % 10n), Number(amount % 10n)];
  let text = whole ? `${section(whole)}元` : "";
  if (!jiao && !rest) return `${text || "零元"}整`;
  if (jiao) text += `${DIGITS[jiao]}角`;
  else if (text) text += "零";
  return text + (rest ? `${DIGITS[rest]}分` : "整");
}
