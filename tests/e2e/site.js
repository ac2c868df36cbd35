// Starts the built program with the demo library and a browser beside it, and ends both.
//
// Several suites read one site in one browser: `run.js` starts both and names them in GUIDEPOST_E2E_SITE and
// GUIDEPOST_E2E_BROWSER. A suite that is run by itself, or that changes settings, starts its own.
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const PROGRAM = process.env.GUIDEPOST_BIN || join(ROOT, "target/debug/guidepost");
const CHROMIUM = process.env.GUIDEPOST_CHROMIUM || "/usr/bin/chromium";
const READY = /Guidepost answers at (http:\/\/[^\s/]+)/;
const PATIENCE = 60_000;

/** The demo library, served; `settings` are options set before it is, by WordPress's names. */
export async function demo(settings = {}) {
  const shared = process.env.GUIDEPOST_E2E_SITE;
  if (shared && Object.keys(settings).length === 0) {
    return { url: shared, stop() {} };
  }
  if (!existsSync(PROGRAM)) {
    throw new Error(`${PROGRAM} is missing: build it with "cargo build --package guidepost", or name it in GUIDEPOST_BIN`);
  }
  const data = mkdtempSync(join(tmpdir(), "guidepost-e2e-"));
  const end = () => rmSync(data, { recursive: true, force: true });
  try {
    // Filled first; then its files are read, which a running site does in the background and shows one by one.
    await (await serve(data)).stop();
    Object.entries(settings).forEach(([name, value]) => run(data, ["settings", "set", name, value]));
    run(data, ["reindex"]);
    const site = await serve(data);
    return { url: site.url, says: site.says, command: (words, input) => run(data, words, input), stop: async () => (await site.stop(), end()) };
  } catch (error) {
    end();
    throw error;
  }
}

async function serve(data) {
  // `setpriv` (util-linux) becomes the program itself, which from then on ends when this process does, however it ends.
  const child = spawn("setpriv", ["--pdeathsig", "KILL", PROGRAM, "demo", "--data", data, "--listen", "127.0.0.1:0"], {
    env: { ...process.env, GUIDEPOST_URL: "" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const kill = () => child.kill("SIGKILL");
  const ended = once(child, "exit");
  let said = "";
  const url = await new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`no address within ${PATIENCE} ms:\n${said}`)), PATIENCE);
    const hear = (chunk) => {
      said += chunk;
      const found = READY.exec(said);
      if (found) {
        clearTimeout(late);
        resolve(found[1]);
      }
    };
    child.stdout.on("data", hear);
    child.stderr.on("data", hear);
    child.on("error", reject);
    child.on("exit", (status) => reject(new Error(`${PROGRAM} ended with status ${status}:\n${said}`)));
  }).catch((error) => {
    kill();
    throw error;
  });
  /** What the program says, once it has said it: it may say more after its address. */
  const says = async (pattern) => {
    for (const until = Date.now() + PATIENCE; ; ) {
      const found = pattern.exec(said);
      if (found) return found;
      if (Date.now() > until) throw new Error(`it did not say ${pattern} within ${PATIENCE} ms:\n${said}`);
      await Promise.race([once(child.stdout, "data"), once(child.stderr, "data"), pause(100)]);
    }
  };
  const stop = async () => {
    child.kill("SIGTERM");
    const late = setTimeout(kill, 10_000);
    await ended;
    clearTimeout(late);
  };
  return { url, stop, says };
}

/** Runs a command on a site, perhaps with something to read; gives what it prints. */
function run(data, words, input = "") {
  const done = spawnSync(PROGRAM, [...words, "--data", data], { encoding: "utf8", input });
  if (done.status !== 0) {
    throw new Error(`${words.join(" ")}: ${done.stderr || done.error}`);
  }
  return done.stdout;
}

/** Debian's Chromium, which looks for nobody on the network. */
const LAUNCH = {
  executablePath: CHROMIUM,
  args: [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
  ],
};

/** A browser that several suites connect to. */
export function browserServer() {
  return chromium.launchServer({ ...LAUNCH, host: "127.0.0.1" });
}

/** That browser, or one of the suite's own. */
export function browser() {
  const shared = process.env.GUIDEPOST_E2E_BROWSER;
  return shared ? chromium.connect(shared) : chromium.launch(LAUNCH);
}

/** All addresses of the site that answer with a page: from the sitemap and by following links, as path and HTML. */
export async function everyPage(url, more = []) {
  const pages = new Map();
  const seen = new Set(["/", ...more, ...(await sitemap(url))]);
  const queue = [...seen];
  while (queue.length > 0) {
    const path = queue.shift();
    const answer = await fetch(url + path);
    const body = await answer.text();
    const isPage = answer.ok && (answer.headers.get("content-type") ?? "").startsWith("text/html");
    if (!isPage) continue;
    pages.set(path, body);
    // Of searches only those that a page of the library offers and their later pages, not every narrowing of each.
    const searched = path.includes("?");
    for (const next of links(body, url, path)) {
      const follow = !searched || !next.includes("?") || /^\/page\/\d+\/\?s=$/.test(next);
      if (follow && !seen.has(next)) {
        seen.add(next);
        queue.push(next);
      }
    }
  }
  return pages;
}

async function sitemap(url) {
  const locations = (xml) => [...xml.matchAll(/<loc>([^<]+)<\/loc>/g)].map((found) => new URL(found[1]));
  const index = locations(await (await fetch(`${url}/wp-sitemap.xml`)).text());
  const parts = await Promise.all(index.map(async (part) => (await fetch(url + part.pathname)).text()));
  return parts.flatMap(locations).map((at) => at.pathname + at.search);
}

function links(html, url, path) {
  return [...html.matchAll(/<a\s[^>]*?href="([^"]*)"/g)]
    .map((found) => new URL(found[1].replaceAll("&amp;", "&"), url + path))
    .filter((at) => at.origin === url && !at.pathname.startsWith("/wp-content/uploads/"))
    .map((at) => at.pathname + at.search);
}

/** The demo library's items as its folder holds them: path, front matter (its plain strings only) and body. */
export function items() {
  const folder = join(ROOT, "demo/items");
  return readdirSync(folder).flatMap((type) =>
    readdirSync(join(folder, type)).map((file) => {
      const [, front, body] = readFileSync(join(folder, type, file), "utf8").split(/^\+\+\+$/m);
      const top = front.split(/^\[/m)[0];
      const strings = [...top.matchAll(/^(\w+) = "(.*)"$/gm)].map((found) => [found[1], found[2]]);
      return { type, slug: file.replace(/\.html$/, ""), body, ...Object.fromEntries(strings) };
    }),
  );
}
