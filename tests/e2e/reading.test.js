// From a phrase that stands only inside a PDF to its passage, and to the page as it was set, with pictures of each step.
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { test } from "node:test";
import { NARROW, WIDE, suite } from "./suite.js";

const here = await suite();
const pictures = fileURLToPath(new URL("../../target/e2e/", import.meta.url));
mkdirSync(pictures, { recursive: true });

const READING = "/checklist-for-legislators-three-conducts/checklist-legislators-en.pdf/";
// In the file, and in no text of the site.
const PHRASE = "An age of consent to sexual activity that is lower";

for (const [size, viewport] of [["wide", WIDE], ["narrow", NARROW]]) {
  test(`a phrase from inside a PDF leads to its passage, ${size}`, async (t) => {
    const page = await here.visit(t, "/", { viewport, javaScriptEnabled: false });
    const field = page.locator("main [name=s]");
    await field.fill(`"${PHRASE}"`);
    await field.press("Enter");
    await page.waitForURL(/[?&]s=/);
    const hit = page.locator(".g-hit").first();
    assert.match((await hit.locator("mark").allTextContents()).join(" "), /consent/, "the words are marked in the result");
    await page.screenshot({ path: `${pictures}passage-1-results-${size}.png` });

    const place = hit.locator(`a[href*="${READING}"]`).first();
    await place.click();
    await page.waitForURL(/\?find=.*#para-\d+$/);
    const id = new URL(page.url()).hash.slice(1);
    const passage = page.locator(`[id="${id}"]`);
    assert.match(await passage.innerText(), /age of consent to sexual activity/);
    assert.ok((await passage.locator("mark").count()) >= 1, "what was looked for is marked");
    const top = (await passage.boundingBox()).y;
    assert.ok(top >= 0 && top < viewport.height, `the passage is on the screen, at ${top}`);
    assert.equal(await page.locator("h1").count(), 1);
    await page.screenshot({ path: `${pictures}passage-2-reading-${size}.png` });
  });
}

test("the page as it was set stands beside the text, and follows the page marks", async (t) => {
  const page = await here.visit(t, READING);
  assert.equal(await page.locator("iframe").count(), 0, "nothing is drawn that nobody asked for");
  await page.getByRole("link", { name: "Open page 1 beside the text" }).click();
  await page.waitForURL(/\?beside$/);
  const frame = page.frameLocator('iframe[name="original"]');
  await frame.locator("canvas").waitFor();
  assert.equal(await frame.locator("output").innerText(), "Page 1 of 3");
  await page.screenshot({ path: `${pictures}passage-3-original-beside.png` });
  await frame.getByRole("button", { name: "Next page" }).click();
  await frame.locator('canvas[aria-label="Page 2 of 3"]').waitFor();
  await page.locator('.g-pm a[target="original"]', { hasText: "Page 3" }).click();
  await frame.locator('canvas[aria-label="Page 3 of 3"]').waitFor();
  await page.getByRole("link", { name: "Text only" }).click();
  await page.waitForURL((url) => url.search === "");
  assert.equal(await page.locator("iframe").count(), 0);
});

test("the frame shows files of this site only", async (t) => {
  const page = await here.visit(t);
  for (const file of ["https://elsewhere.example/a.pdf", "//elsewhere.example/a.pdf", "javascript:alert(1)//.pdf", "/about/", ""]) {
    const asked = [];
    page.on("request", (request) => asked.push(new URL(request.url()).host));
    await page.goto(`/assets/now/viewer/index.html?file=${encodeURIComponent(file)}`);
    await page.getByText("This file cannot be shown here.").waitFor();
    assert.deepEqual([...new Set(asked)], [new URL(here.url).host], file);
    page.removeAllListeners("request");
  }
});
