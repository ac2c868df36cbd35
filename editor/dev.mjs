// The editor as it was just built, on the pages of a running Guidepost: no Rust build between a change and the look at it.
//
//   node dev.mjs [SITE] [PORT]      SITE: http://127.0.0.1:8080, PORT: 5180
//   npm run build, then reload      with `&rtl=1` in the address: as a site that is read from the right
//
// Everything is asked of SITE; of its pages with the editor only the addresses of scripts and styles are changed.
import { readFileSync } from "node:fs";
import { createServer, request } from "node:http";
import { extname, join, normalize } from "node:path";

const [site = "http://127.0.0.1:8080", port = "5180"] = process.argv.slice(2);
const dist = new URL("dist/", import.meta.url).pathname;
const OWN = "/editor-dist/";
const KINDS = { ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml" };
const EDITOR = /^\/wp-admin\/post(-new)?\.php$/;
const DATA = /(<script type="application\/json" id="guidepost-editor">)([^]*?)(<\/script>)/;
const STYLE = /<link rel="stylesheet" href="[^"]*\/editor\/[^"]*">\s*/g;

createServer((asked, answer) => {
  const { pathname, searchParams } = new URL(asked.url, site);
  if (pathname.startsWith(OWN)) return file(pathname.slice(OWN.length), answer);
  const headers = { ...asked.headers, "accept-encoding": "identity" };
  const passed = request(new URL(asked.url, site), { method: asked.method, headers }, (told) => {
    const isPage = EDITOR.test(pathname) && asked.method === "GET" && String(told.headers["content-type"]).startsWith("text/html");
    if (isPage) return page(told, answer, searchParams.has("rtl"));
    answer.writeHead(told.statusCode, told.headers);
    told.pipe(answer);
  });
  passed.on("error", (error) => answer.writeHead(502).end(`${site} does not answer: ${error.message}\n`));
  asked.pipe(passed);
}).listen(Number(port), "127.0.0.1", () => console.log(`The editor of ${dist} with ${site}: http://127.0.0.1:${port}/wp-admin/`));

function file(name, answer) {
  const path = normalize(join(dist, name));
  try {
    if (!path.startsWith(dist)) throw new Error("outside");
    const bytes = readFileSync(path);
    answer.writeHead(200, { "content-type": KINDS[extname(path)] ?? "application/octet-stream", "cache-control": "no-store" }).end(bytes);
  } catch {
    answer.writeHead(404).end();
  }
}

async function page(told, answer, rtl) {
  let html = "";
  for await (const piece of told.setEncoding("utf8")) html += piece;
  const { "content-length": _, ...headers } = told.headers;
  answer.writeHead(told.statusCode, headers).end(DATA.test(html) ? withOurs(html, rtl) : html);
}

/** A page of the editor with the scripts and styles of dist/. */
function withOurs(html, rtl) {
  const manifest = JSON.parse(readFileSync(join(dist, "manifest.json"), "utf8"));
  const main = manifest["src/main.js"];
  const link = (entry) => manifest[entry].css.map((css) => `<link rel="stylesheet" href="${OWN}${css}">`).join("");
  const data = JSON.parse(DATA.exec(html)[2]);
  const assets = data.settings.__unstableResolvedAssets;
  assets.styles = assets.styles.replace(STYLE, "") + link(rtl ? "src/canvas-rtl.js" : "src/canvas.js");
  if (rtl) Object.assign(data, { rtl }, { settings: { ...data.settings, isRTL: true } });
  const json = JSON.stringify(data).replaceAll("<", "\\u003c");
  return html
    .replace(DATA, (_, open, __, close) => open + json + close)
    .replace(STYLE, "")
    .replace(/src="[^"]*\/editor\/[^"]*"/, `src="${OWN}${main.file}"`)
    .replace("</head>", `${link(rtl ? "src/styles-rtl.js" : "src/main.js")}</head>`)
    .replace(/<html lang="[^"]*" dir="ltr">/, (tag) => (rtl ? '<html lang="ar" dir="rtl">' : tag));
}
