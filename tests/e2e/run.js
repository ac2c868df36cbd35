// Runs all suites against one demo site and one browser, two at a time, and ends with status 1 where one failed.
//   node run.js [SUITE.test.js...]
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "node:test";
import { spec } from "node:test/reporters";
import { browserServer, demo } from "./site.js";

const here = new URL(".", import.meta.url);
const named = process.argv.slice(2);
const files = (named.length > 0 ? named : readdirSync(here).filter((name) => name.endsWith(".test.js")))
  .sort()
  .map((name) => new URL(name, here).pathname);

// All data folders lie in one, which goes when this ends, however it ends.
const folder = mkdtempSync(join(tmpdir(), "guidepost-e2e-"));
process.env.TMPDIR = folder;
process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.once(signal, () => process.exit(1));

const [site, browser] = await Promise.all([demo(), browserServer()]);
process.env.GUIDEPOST_E2E_SITE = site.url;
process.env.GUIDEPOST_E2E_BROWSER = browser.wsEndpoint();
run({ files, concurrency: 2, timeout: 600_000 })
  .on("test:fail", (test) => {
    if (test.todo === undefined) process.exitCode = 1;
  })
  .once("end", () => Promise.all([browser.close(), site.stop()]))
  .compose(new spec())
  .pipe(process.stdout);
