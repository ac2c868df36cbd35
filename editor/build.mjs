// Builds the editor into dist/, packs every file as brotli does best, and says what a first visit costs; too much is a fault.
import { readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants } from "node:zlib";
import { build } from "vite";
import config from "./vite.config.js";

const MOST = 1_500_000;
const here = new URL(".", import.meta.url).pathname;
const dist = join(here, "dist");
const MAIN = "src/main.js";
/** Entries that are styles only: the frame of the text, and what takes the place of both styles where the site is read from the right. */
const STYLES = ["src/canvas.js", "src/canvas-rtl.js", "src/styles-rtl.js"];

await entry(MAIN, "manifest.json", true);
const manifest = read("manifest.json");
for (const name of STYLES) {
  await entry(name, "one.json", false);
  Object.assign(manifest, read("one.json"));
  rmSync(join(dist, "one.json"));
}
const sorted = Object.fromEntries(Object.keys(manifest).sort().map((name) => [name, manifest[name]]));
writeFileSync(join(dist, "manifest.json"), `${JSON.stringify(sorted, null, 2)}\n`);
report(packed(), firstVisit());

async function entry(input, name, empty) {
  const { rollupOptions } = config.build;
  await build({
    ...config, root: here, configFile: false,
    build: { ...config.build, emptyOutDir: empty, manifest: name, rollupOptions: { ...rollupOptions, input: [input] } },
  });
}

function read(name) {
  return JSON.parse(readFileSync(join(dist, name), "utf8"));
}

/** Every script and style beside itself in brotli's best; its sizes before and after, by name. */
function packed() {
  const sizes = new Map();
  for (const name of readdirSync(join(dist, "assets")).sort()) {
    if (!/\.(js|css|svg)$/.test(name)) continue;
    const file = join(dist, "assets", name);
    const bytes = readFileSync(file);
    const small = brotliCompressSync(bytes, {
      params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_LGWIN]: 22, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
    });
    writeFileSync(`${file}.br`, small);
    sizes.set(`assets/${name}`, [bytes.length, small.length]);
  }
  return sizes;
}

/** What a browser loads before a word can be typed: the script, what it imports at once, its styles, those of the frame. */
function firstVisit() {
  const first = new Set(manifest["src/canvas.js"].css);
  const follow = (name) => {
    const { file, css = [], imports = [] } = manifest[name];
    if (first.has(file)) return;
    [file, ...css].forEach((one) => first.add(one));
    imports.forEach(follow);
  };
  follow(MAIN);
  return first;
}

function report(sizes, first) {
  for (const [name, [raw, small]] of [...sizes].sort((a, b) => b[1][1] - a[1][1])) {
    console.log(`${String(raw).padStart(9)} ${String(small).padStart(9)}  ${name}${first.has(name) ? "" : "  (not on a first visit)"}`);
  }
  const cost = [...first].reduce((sum, name) => sum + sizes.get(name)[1], 0);
  console.log(`editor: ${cost} bytes of brotli on a first visit, at most ${MOST}`);
  if (cost > MOST) process.exit(1);
}
