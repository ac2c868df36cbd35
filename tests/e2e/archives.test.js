// Lists of the library: by label, topic, region, publisher, year, month, author; page by page; and the calendar.
import assert from "node:assert/strict";
import { test } from "node:test";
import { follow, suite } from "./suite.js";

const here = await suite();

for (const [path, heading, some] of [
  ["/category/guidance/", /Guidance/, "words-that-respect-children"],
  ["/tag/recruitment/", /Recruitment/, "fair-recruitment-in-small-hotels"],
  ["/region/africa/", /Africa/, "training-outline-for-hotel-and-transport-staff"],
  ["/publisher/icao/", /International Civil Aviation Organization/, "guidelines-for-training-cabin-crew"],
  ["/2025/", /2025/, "sale-of-children-and-trafficking"],
  ["/2026/10/", /October 2026/, "checklist-for-legislators-three-conducts"],
  ["/author/sophie/", /Sophie/, "words-that-respect-children"],
]) {
  test(`the list at ${path}`, async (t) => {
    const page = await here.visit(t, path);
    assert.match(await page.locator("h1").innerText(), heading);
    assert.ok((await page.locator(`.g-hit h2 a[href*="${some}"]`).count()) >= 1, `${some} is in it`);
    const said = /(\d+) resource/.exec(await page.locator("h1").innerText());
    assert.ok(said, "the heading counts");
    const shown = await page.locator(".g-hit").count();
    assert.equal(shown, Math.min(10, Number(said[1])), "the count is of what is there");
  });
}

test("a region holds what its parts hold", async (t) => {
  const page = await here.visit(t, "/region/americas/");
  assert.ok((await page.locator('.g-hit h2 a[href*="recruitment-revealed"]').count()) === 1);
});

test("page by page: every result once, and back", async (t) => {
  const page = await here.visit(t, "/?s=");
  const total = Number(/(\d+) results/.exec(await page.locator("h1").innerText())[1]);
  const seen = [];
  for (;;) {
    seen.push(...(await page.locator(".g-hit h2 a").evaluateAll((all) => all.map((a) => a.getAttribute("href")))));
    const next = page.locator('.g-pages a[rel="next"]');
    if ((await next.count()) === 0) break;
    await follow(page, next);
  }
  assert.equal(seen.length, total);
  assert.equal(new Set(seen).size, total, "nothing twice");
  await follow(page, page.locator('.g-pages a[rel="prev"]'));
  assert.equal(await page.locator('.g-pages [aria-current="page"]').count(), 1);
});

test("a list past its end is not found", async (t) => {
  const page = await here.visit(t);
  const answer = await page.goto("/category/guidance/page/99/");
  assert.equal(answer.status(), 404);
});

test("the calendar lists coming events, and each has its page", async (t) => {
  const page = await here.visit(t, "/event/");
  const links = page.locator(".g-day h3 a");
  assert.ok((await links.count()) >= 3);
  const dates = await page.locator(".g-day time").evaluateAll((all) => all.map((time) => time.dateTime));
  assert.deepEqual(dates, [...dates].sort(), "in order");
  const title = await links.first().innerText();
  await follow(page, links.first());
  assert.equal(await page.locator("h1").innerText(), title);
});

test("feeds stand where the lists say", async (t) => {
  const page = await here.visit(t, "/category/guidance/");
  const feeds = await page.locator('link[rel="alternate"][type*="xml"]').evaluateAll((all) => all.map((link) => link.getAttribute("href")));
  assert.ok(feeds.length >= 1);
  for (const href of feeds) {
    const answer = await page.request.get(href);
    assert.equal(answer.status(), 200, href);
    assert.match(answer.headers()["content-type"], /xml/);
  }
});
