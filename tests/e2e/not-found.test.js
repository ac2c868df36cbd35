// An address that leads nowhere: what was asked, a filled search, and addresses that are near.
import assert from "node:assert/strict";
import { test } from "node:test";
import { suite } from "./suite.js";

const here = await suite();

test("a page that is not there says so and offers ways on", async (t) => {
  const page = await here.visit(t);
  const answer = await page.goto("/no-such-page-at-all/");
  assert.equal(answer.status(), 404);
  assert.match(await page.locator("h1").innerText(), /leads nowhere/i);
  assert.equal(await page.locator('meta[name="robots"][content*="noindex"]').count(), 1);
  assert.ok((await page.getByRole("main").locator("a[href]").count()) >= 2);
});

test("it says what was asked and fills the search with it", async (t) => {
  const page = await here.visit(t, "/2019/reporting-channels-online/");
  assert.match(await page.getByRole("main").innerText(), /\/2019\/reporting-channels-online\//);
  const field = page.locator("main [name=s]");
  assert.equal(await field.inputValue(), "reporting channels online");
  await field.press("Enter");
  await page.waitForURL(/s=reporting/);
  assert.ok((await page.locator(".g-hit").count()) >= 1);
});

test("it offers near addresses", async (t) => {
  const page = await here.visit(t, "/words-that-respect-childrn/");
  const near = page.locator("main .g-rel h3 a");
  assert.ok((await near.count()) >= 1);
  await near.first().click();
  await page.waitForURL("**/words-that-respect-children/");
});

test("what was asked is shown as text, never as markup", async (t) => {
  const page = await here.visit(t, "/%3Cimg%20src=x%20onerror=alert(1)%3E/");
  assert.equal(await page.locator('img[src="x"]').count(), 0);
});
