// What a first visit costs: requests and bytes over the wire, as they are and as brotli would make them.
import assert from "node:assert/strict";
import { test } from "node:test";
import { brotliCompressSync, constants } from "node:zlib";
import { NARROW, suite } from "./suite.js";

const here = await suite();
const REQUESTS = 6;
const MIXED = 7; // an Arabic resource in an English site needs the letters of both
const TARGET = 60; // KB, compressed; said beside what is reached
const SMALLER = /^(text\/|application\/(json|xml)|image\/svg)/;
const kb = (bytes) => (bytes / 1024).toFixed(1);

for (const [name, path, limit] of [
  ["front page", "/", REQUESTS],
  ["resource", "/checklist-for-legislators-three-conducts/", REQUESTS],
  ["resource in Arabic", "/protection-of-the-child-in-proceedings/", MIXED],
  ["results", "/?s=recruitment", REQUESTS],
]) {
  test(name, async (t) => {
    const page = await here.visit(t, undefined, { fresh: true, viewport: NARROW });
    const finished = [];
    page.on("requestfinished", (request) => finished.push(request));
    await page.goto(path, { waitUntil: "networkidle" });
    const lazy = await page.locator("img[loading=lazy]").evaluateAll((all) => all.map((img) => img.src));
    const icon = await page.locator("link[rel=icon]").evaluate((link) => link.href);

    const rows = await Promise.all(finished.map(cost));
    // A browser without a window does not ask for the icon; one with a window does.
    if (!rows.some((row) => row.url === icon)) {
      const body = Buffer.from(await (await fetch(icon)).arrayBuffer());
      rows.push({ url: icon, type: "icon", wire: body.length, brotli: brotli(body, "image/svg") });
    }
    const needed = rows.filter((row) => !lazy.includes(row.url));
    const sum = (field) => needed.reduce((total, row) => total + row[field], 0);
    const lines = needed.map((row) => `  ${kb(row.wire).padStart(7)} ${kb(row.brotli).padStart(7)}  ${row.type.padEnd(10)} ${new URL(row.url).pathname}`);
    const total = `  ${kb(sum("wire")).padStart(7)} ${kb(sum("brotli")).padStart(7)}  ${needed.length} requests; ${rows.length - needed.length} lazy pictures left out; target ${TARGET} KB`;
    console.log([`${name}\n    wire  brotli  (KB)`, ...lines, total].join("\n"));

    assert.equal(rows.filter((row) => row.type === "script").length, 0, "no script");
    assert.ok(needed.length <= limit, `${needed.length} requests:\n${lines.join("\n")}`);
  });
}

async function cost(request) {
  const [response, sizes] = await Promise.all([request.response(), request.sizes()]);
  const body = await response.body();
  const wire = sizes.responseBodySize || body.length;
  return { url: request.url(), type: request.resourceType(), wire, brotli: brotli(body, response.headers()["content-type"] ?? "") };
}

function brotli(body, type) {
  const options = { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } };
  return SMALLER.test(type) ? brotliCompressSync(body, options).length : body.length;
}
