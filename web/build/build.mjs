// Fills web/static/vendor/ from the pinned npm packages: the icon sprite, two style sheets, one font, three scripts.
// Nothing of it is committed; a page without it still has all its words.
import { createHash } from "node:crypto";
import { cpSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildSync } from "esbuild";

const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..");
const packages = join(root, "node_modules");
const vendor = join(root, "web", "static", "vendor");
const iconNames = join(root, "web", "look", "icons", "names.txt");
const read = (...parts) => readFileSync(join(...parts), "utf8");
const write = (name, text) => writeFileSync(join(vendor, name), text);

// One <symbol> per icon, stroke 1.8; a filled icon is named name-filled.
function sprite() {
  const symbols = readFileSync(iconNames, "utf8").split(/\s+/).filter(Boolean).map((name) => {
    const filled = name.startsWith("filled/");
    const source = read(packages, "@tabler/icons/icons", `${filled ? name : `outline/${name}`}.svg`);
    return symbol(filled ? `${name.slice(7)}-filled` : name, source, filled);
  });
  return `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>\n`;
}

function symbol(id, source, filled) {
  const shapes = source.slice(source.indexOf(">", source.indexOf("<svg")) + 1, source.lastIndexOf("</svg>"))
    .replace(/<path stroke="none" d="M0 0h24v24H0z" fill="none" ?\/>/, "").replace(/\s*\n\s*/g, "");
  const paint = filled ? 'fill="currentColor"'
    : 'fill="none" stroke="currentColor" stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round"';
  return `<symbol id="${id}" viewBox="0 0 24 24" ${paint}>${shapes}</symbol>`;
}

// Titles only: weight 700, woff2 slices by unicode-range.
function serif() {
  const source = join(packages, "@fontsource/noto-serif-sc");
  mkdirSync(join(vendor, "serif"), { recursive: true });
  const css = read(source, "700.css").replace(/, url\([^)]*\.woff\) format\('woff'\)/g, "").replaceAll("./files/", "serif/");
  for (const [, name] of css.matchAll(/url\(serif\/([^)]+)\)/g)) cpSync(join(source, "files", name), join(vendor, "serif", name));
  return css;
}

function bundle(entry, format) {
  const result = buildSync({
    stdin: { contents: entry, resolveDir: root }, bundle: true, minify: true, format, target: "chrome105",
    platform: "browser", legalComments: "eof", write: false, logLevel: "error",
  });
  return result.outputFiles[0].text;
}

function licences() {
  return Object.keys(JSON.parse(read(root, "package.json")).dependencies).flatMap((name) => {
    const file = readdirSync(join(packages, name)).find((entry) => /^licen[cs]e/i.test(entry));
    const { license, version } = JSON.parse(read(packages, name, "package.json"));
    return [`${name} ${version} (${license})`, file ? read(packages, name, file).trim() : "", "", "-".repeat(72)];
  }).join("\n");
}

const stamp = createHash("sha256");
for (const file of ["package-lock.json", "web/build/build.mjs", "web/look/icons/names.txt"]) stamp.update(readFileSync(join(root, file)));

rmSync(vendor, { recursive: true, force: true });
mkdirSync(vendor, { recursive: true });
write("icons.svg", sprite());
write("normalize.css", `@layer reset {\n${read(packages, "modern-normalize/modern-normalize.css")}}\n`);
write("serif.css", serif());
write("htmx.js", read(packages, "htmx.org/dist/htmx.min.js"));
write("alpine.js", read(packages, "@alpinejs/csp/dist/cdn.min.js"));
write("sodium.js", bundle('export { default } from "libsodium-wrappers-sumo";', "esm"));
write("LICENCES.txt", licences());
write("stamp", stamp.digest("hex"));
