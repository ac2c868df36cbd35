// A reader comes to the front page, types a word and opens what was found - with and without scripts.
import assert from "node:assert/strict";
import { test } from "node:test";
import { follow, suite } from "./suite.js";

const here = await suite();

for (const javaScriptEnabled of [true, false]) {
  const how = javaScriptEnabled ? "scripts on" : "scripts off";

  test(`search from the front page, ${how}`, async (t) => {
    const page = await here.visit(t, "/", { javaScriptEnabled });
    const field = page.locator("main [name=s]");
    assert.equal(await field.count(), 1, "one search field in the front page's main part");
    const first = page.locator("main :is(a[href], input, select, button)").first();
    assert.equal(await first.getAttribute("name"), "s", "the search field is the first thing to use");

    await field.fill("recruitment");
    await field.press("Enter");
    await page.waitForURL(/[?&]s=recruitment/);
    assert.match(await page.title(), /recruitment/i);
    assert.equal(await page.locator("main [name=s]").inputValue(), "recruitment", "the field keeps the word");

    const hits = page.locator(".g-hit");
    assert.ok((await hits.count()) >= 5, "several results");
    const marks = await page.locator(".g-hit mark").allTextContents();
    assert.ok(marks.length >= 3, "found words are marked");
    for (const mark of marks) assert.match(mark, /^recruit/i);

    const link = hits.first().locator("h2 a");
    const title = (await link.textContent()).trim();
    await follow(page, link);
    assert.match((await page.locator("h1").textContent()).trim(), new RegExp(`^${escape(title)}`));
  });
}

test("a search narrowed by a facet, widened again, and ordered by date", async (t) => {
  const page = await here.visit(t, "/?s=recruitment");
  const all = await page.locator(".g-hit").count();
  await follow(page, page.locator(".g-facet a", { hasText: "Research" }));
  assert.match(page.url(), /label=research/);
  const some = await page.locator(".g-hit").count();
  assert.ok(some > 0 && some < all, `${some} of ${all}`);
  await follow(page, page.locator('.g-facet a[aria-current="true"]', { hasText: "Research" }));
  assert.equal(await page.locator(".g-hit").count(), all);
  await page.getByRole("link", { name: "Newest" }).click();
  await page.waitForURL(/sort=newest/);
  assert.equal(await page.getByRole("link", { name: "Newest" }).getAttribute("aria-current"), "true");
});

for (const [how, words, path] of [
  ["another form of the word", "terminologies", "/words-that-respect-children/"],
  ["a word in Arabic", "إجراءات", "/protection-of-the-child-in-proceedings/"],
  ["a word in French without its accents", "reperer", "/reperer-et-orienter-premiers-gestes-a-l-ecole/"],
  ["a symbol", "CRC/C/156", "/guidelines-regarding-the-implementation-of-the-optional-protocol"],
  ["a symbol in small letters", "gdl/2026/9", "/words-that-respect-children/"],
  ["another name", "GSF report", "/report-of-the-global-solutions-forum"],
]) {
  test(`a search by ${how}`, async (t) => {
    const page = await here.visit(t, `/?s=${encodeURIComponent(words)}`);
    const found = await page.locator(".g-hit h2 a").evaluateAll((all) => all.slice(0, 5).map((a) => a.getAttribute("href")));
    assert.ok(found.some((href) => href.startsWith(path)), `"${words}" finds ${path}, not [${found}]`);
  });
}

test("titles are offered as one types, and chosen by keys or pointer", async (t) => {
  const page = await here.visit(t, "/");
  const field = page.locator("main [role=combobox]");
  await field.pressSequentially("recruitm");
  const options = page.locator(".g-sugg:not([hidden]) li");
  await options.first().waitFor();
  assert.equal(await field.getAttribute("aria-expanded"), "true");
  await field.press("ArrowDown");
  assert.equal(await options.first().getAttribute("aria-selected"), "true");
  await field.press("Escape");
  assert.equal(await options.count(), 0, "put away");
  assert.equal(await field.inputValue(), "recruitm", "what was typed stays");
  await field.pressSequentially("en");
  await options.first().waitFor();
  const title = await options.first().textContent();
  await field.press("ArrowDown");
  await field.press("Enter");
  await page.locator("h1", { hasText: title }).waitFor();
  await page.goBack();
  const again = page.locator("main [role=combobox]");
  await again.fill("recruitment");
  await again.press("Enter");
  await page.waitForURL(/[?&]s=recruitment/);
});

test("a misspelt word is offered as it is written", async (t) => {
  const page = await here.visit(t, "/?s=recruitmnt");
  await page.getByRole("main").getByRole("link", { name: "recruitment", exact: true }).first().click();
  await page.waitForURL(/s=recruitment/);
  assert.ok((await page.locator(".g-hit").count()) >= 5);
});

test("a search without results says so and leads on", async (t) => {
  const page = await here.visit(t, "/?s=zzqqxx");
  assert.equal(await page.locator(".g-hit").count(), 0);
  const main = page.getByRole("main");
  assert.match(await main.innerText(), /zzqqxx/);
  assert.ok((await main.locator("a[href]").count()) >= 1, "at least one way on");
});

function escape(text) {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
