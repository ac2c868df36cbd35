// Builds the editor into dist/, packs every file as brotli does best, and says what a first visit costs; too much is a fault.
import { readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants } from "node:zlib";
import { build } from "vite";

const MOST = 1_500_000;
const here = new URL(".", import.meta.url).pathname;

await build({ root: here, configFile: join(here, "vite.config.js") });

const pack = (bytes) => brotliCompressSync(bytes, {
  params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_LGWIN]: 22, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
});
const assets = join(here, "dist", "assets");
const sizes = new Map();
for (const name of readdirSync(assets)) {
  if (!/\.(js|css|svg)$/.test(name)) continue;
  const bytes = readFileSync(join(assets, name));
  const packed = pack(bytes);
  writeFileSync(join(assets, `${name}.br`), packed);
  sizes.set(`assets/${name}`, [bytes.length, packed.length]);
}
const manifest = JSON.parse(readFileSync(join(here, "dist", "manifest.json"), "utf8"));
const entry = manifest["src/main.js"];
const first = new Set([entry.file, ...(entry.css ?? [])]);
const follow = (names = []) => {
  for (const name of names) {
    if (first.has(manifest[name].file)) continue;
    first.add(manifest[name].file);
    for (const css of manifest[name].css ?? []) first.add(css);
    follow(manifest[name].imports);
  }
};
follow(entry.imports);
const cost = [...first].reduce((sum, name) => sum + (sizes.get(name)?.[1] ?? statSync(join(here, "dist", name)).size), 0);
for (const [name, [raw, packed]] of [...sizes].sort((a, b) => b[1][1] - a[1][1]).slice(0, 8)) {
  console.log(`${String(raw).padStart(9)} ${String(packed).padStart(9)}  ${name}${first.has(name) ? "" : "  (later)"}`);
}
console.log(`editor: ${cost} bytes of brotli on a first visit, at most ${MOST}`);
if (cost > MOST) process.exit(1);
