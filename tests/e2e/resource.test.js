// The page of a resource: the document before the words about it, downloads, citations, what replaced it.
import assert from "node:assert/strict";
import { buffer } from "node:stream/consumers";
import { test } from "node:test";
import { follow, suite } from "./suite.js";

const here = await suite();
const CHECKLIST = "/checklist-for-legislators-three-conducts/";
const hrefs = (locator) => locator.evaluateAll((all) => all.map((a) => a.getAttribute("href")));

test("documents stand before the explanation", async (t) => {
  const page = await here.visit(t, CHECKLIST);
  const order = await page.evaluate(() => {
    const at = (selector) => document.querySelector(selector);
    const before = (a, b) => Boolean(a.compareDocumentPosition(b) & Node.DOCUMENT_POSITION_FOLLOWING);
    return [
      before(at("h1"), at("a[download]")),
      before(at("a[download]"), at(".wp-block-post-content")),
      before(at(".g-docs table"), at(".wp-block-post-content")),
    ];
  });
  assert.deepEqual(order, [true, true, true]);
  const box = async (selector) => (await page.locator(selector).first().boundingBox()).y;
  assert.ok((await box("a[download]")) < (await box(".wp-block-post-content")), "on the screen too");
});

test("Download gives the file", async (t) => {
  const page = await here.visit(t, CHECKLIST, { acceptDownloads: true });
  const link = page.locator(".g-acts a[download]");
  assert.match(await link.innerText(), /Download\s+PDF,\s+\d+\s+KB/);
  const [download] = await Promise.all([page.waitForEvent("download"), link.click()]);
  const bytes = await buffer(await download.createReadStream());
  assert.equal(bytes.subarray(0, 5).toString(), "%PDF-");
  assert.match(download.suggestedFilename(), /\.pdf$/);

  const answer = await page.request.get(await link.getAttribute("href"));
  assert.equal(answer.status(), 200);
  assert.equal(answer.headers()["content-type"], "application/pdf");
  assert.equal(Number(answer.headers()["content-length"]), bytes.length);
  const said = Number(/(\d+)\s+KB/.exec(await link.innerText())[1]);
  assert.ok(Math.abs(said - bytes.length / 1024) <= 3, `${said} KB said, ${bytes.length} bytes given`);

  const part = await page.request.get(await link.getAttribute("href"), { headers: { range: "bytes=0-99" } });
  assert.equal(part.status(), 206, "a broken download can go on");
  assert.equal((await part.body()).length, 100);
});

test("every language edition answers, and says its language", async (t) => {
  const page = await here.visit(t, CHECKLIST);
  const rows = page.locator(".g-docs table tbody tr");
  assert.equal(await rows.count(), 6);
  assert.equal(await page.locator('.g-docs tr[aria-current="true"] a[hreflang="en"]').count(), 1, "the present one is marked");
  for (const row of await rows.all()) {
    const name = row.locator("th a");
    assert.equal(await name.getAttribute("lang"), await name.getAttribute("hreflang"));
    const answer = await page.request.get(await row.locator("a[download]").getAttribute("href"));
    assert.equal(answer.status(), 200);
    assert.equal(answer.headers()["content-type"], "application/pdf");
  }
  assert.equal(await rows.locator('a[hreflang="ar"]').first().evaluate((a) => getComputedStyle(a).direction), "rtl");
});

test("other files of other kinds answer under their types", async (t) => {
  const page = await here.visit(t, CHECKLIST);
  const annex = await page.request.get(await page.locator(".g-also a").first().getAttribute("href"));
  assert.equal(annex.status(), 200);
  assert.match(annex.headers()["content-type"], /wordprocessingml/);
  await page.goto("/indicators-for-the-protocol/");
  const table = await page.request.get(await page.locator(".g-acts a[download]").getAttribute("href"));
  assert.equal(table.status(), 200);
  assert.match(table.headers()["content-type"], /^text\/csv/);
});

test("a citation opens in each format", async (t) => {
  const page = await here.visit(t, CHECKLIST, { acceptDownloads: true });
  const cite = page.locator(".g-cite");
  assert.match(await cite.innerText(), /GDL\/2026\/3, 14 October 2026/);
  for (const [name, expected] of [
    ["BibTeX", /^@techreport\{[^]*Checklist for legislators[^]*\}\s*$/],
    ["RIS", /^TY {2}- RPRT\r\n[^]*TI {2}- Checklist for legislators[^]*ER {2}- /],
    ["CSL-JSON", /"title":"Checklist for legislators/],
  ]) {
    const link = cite.getByRole("link", { name, exact: true });
    const [download] = await Promise.all([page.waitForEvent("download"), link.click()]);
    assert.match((await buffer(await download.createReadStream())).toString(), expected, name);
  }
});

test("related cards give their reason and lead there", async (t) => {
  const page = await here.visit(t, CHECKLIST);
  const cards = page.locator(".g-rel > li");
  assert.ok((await cards.count()) >= 3);
  for (const card of await cards.all()) {
    assert.match(await card.locator(".g-why").innerText(), /\S/, "a reason");
    assert.ok((await card.locator(".g-labels > *").count()) >= 1, "a label");
  }
  const link = cards.first().locator("h3 a");
  const title = await link.innerText();
  await follow(page, link);
  assert.equal(await page.locator("h1").innerText(), title);
});

test("a replaced resource leads to its successor", async (t) => {
  const page = await here.visit(t, "/checklist-for-legislators-2025/");
  assert.equal(await page.locator(".g-facts .g-state").innerText(), "Replaced");
  const note = page.locator(".g-note", { hasText: "has been replaced by" });
  assert.ok((await note.boundingBox()).y < (await page.locator(".g-docs").boundingBox()).y, "said before the document is offered");
  await follow(page, note.getByRole("link"));
  assert.equal(new URL(page.url()).pathname, CHECKLIST);
  assert.equal(await page.locator(".g-facts .g-state").innerText(), "In force");
});

test("a withdrawn resource says why and offers no file", async (t) => {
  const page = await here.visit(t, "/notice-for-hotel-receptions/");
  assert.match(await page.locator(".g-note--stop").innerText(), /withdrawn[^]*asked reception staff to question guests/i);
  assert.equal(await page.locator("a[download][href^='/wp-content']").count(), 0);
});

test("a document kept elsewhere says where, and one without a file says so", async (t) => {
  const page = await here.visit(t, "/words-that-respect-children/");
  assert.match(await page.locator(".g-docs").innerText(), /with its publisher[^]*no copy[^]*ecpat\.org/i);
  assert.equal(await page.locator(".g-docs .g-btn").getAttribute("href"), "https://ecpat.org/");
  await page.goto("/training-outline-for-hotel-and-transport-staff/");
  assert.match(await page.locator(".g-docs").innerText(), /no file|on this page|this page/i);
  assert.equal(await page.locator(".g-docs a[download]").count(), 0);
});

test("key data lead to lists", async (t) => {
  const page = await here.visit(t, CHECKLIST);
  for (const href of await hrefs(page.locator(".g-keys a"))) {
    const answer = await page.request.get(href);
    assert.equal(answer.status(), 200, href);
    assert.match(await answer.text(), /checklist-for-legislators-three-conducts/, href);
  }
});
