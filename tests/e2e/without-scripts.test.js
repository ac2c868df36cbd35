// With scripts turned off every kind of page says the same.
import assert from "node:assert/strict";
import { test } from "node:test";
import { MAIN_PAGES } from "./main-pages.js";
import { suite } from "./suite.js";

const here = await suite();

test("the same pages without scripts", async (t) => {
  const [on, off] = await Promise.all([here.visit(t), here.visit(t, undefined, { javaScriptEnabled: false })]);
  for (const [name, path] of MAIN_PAGES) {
    const texts = [];
    for (const page of [on, off]) {
      await page.goto(path);
      texts.push(await page.locator("body").innerText());
    }
    assert.ok(texts[0].length > 200, name);
    assert.equal(texts[1], texts[0], name);
  }
});

test("the menu opens without scripts", async (t) => {
  const page = await here.visit(t, "/", { javaScriptEnabled: false });
  await page.locator(".g-nav summary").click();
  await page.locator(".g-nav details[open] a", { hasText: "Running a business" }).click();
  await page.waitForURL("**/running-a-business/");
});
