// Runs all suites against one demo site, two at a time, and ends with status 1 where one failed.
//   node run.js [SUITE.test.js...]
import { readdirSync } from "node:fs";
import { run } from "node:test";
import { spec } from "node:test/reporters";
import { demo } from "./site.js";

const here = new URL(".", import.meta.url);
const named = process.argv.slice(2);
const files = (named.length > 0 ? named : readdirSync(here).filter((name) => name.endsWith(".test.js")))
  .sort()
  .map((name) => new URL(name, here).pathname);

const site = await demo();
process.env.GUIDEPOST_E2E_SITE = site.url;
run({ files, concurrency: 2, timeout: 180_000 })
  .on("test:fail", (test) => {
    if (test.todo === undefined) process.exitCode = 1;
  })
  .once("end", () => site.stop())
  .compose(new spec())
  .pipe(process.stdout);
