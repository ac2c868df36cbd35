// Arabic: a resource within a site in English, and a whole site.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { NARROW, WIDE, suite } from "./suite.js";

const RESOURCE = "/protection-of-the-child-in-proceedings/";

const english = await suite();
const arabic = await suite({ WPLANG: "ar" });

describe("an Arabic resource in an English site", () => {
  const here = english;

  test("its article is marked and mirrored, the rest is not", async (t) => {
    const page = await here.visit(t, RESOURCE, { viewport: WIDE });
    assert.deepEqual(await page.evaluate(() => [document.documentElement.lang, document.documentElement.dir]), ["en", "ltr"]);
    const article = page.locator("main article");
    assert.equal(await article.getAttribute("lang"), "ar");
    assert.equal(await article.getAttribute("dir"), "rtl");
    await mirrored(page);
    const brand = await page.locator(".g-brand").boundingBox();
    assert.ok(brand.x < WIDE.width / 2, "the site's head stays");
  });

  test("symbols and file names keep their direction", async (t) => {
    const page = await here.visit(t, RESOURCE);
    assert.equal(await page.locator(".g-sym").evaluate((e) => getComputedStyle(e).direction), "ltr");
    assert.match(await page.locator(".g-sym").innerText(), /GDL\/2026\/5/);
  });

  test("Arabic titles in English lists say their language", async (t) => {
    const page = await here.visit(t, "/");
    const title = page.locator('.g-new h3 [lang="ar"][dir="rtl"]');
    assert.equal(await title.count(), 1);
  });
});

describe("a whole site in Arabic", () => {
  const here = arabic;

  test("every kind of page runs from right to left", async (t) => {
    const page = await here.visit(t, undefined, { viewport: WIDE });
    for (const path of ["/", RESOURCE, "/about/", "/?s=recruitment", "/tag/recruitment/", "/event/", "/no-such-page/"]) {
      await page.goto(path);
      assert.deepEqual(await page.evaluate(() => [document.documentElement.lang, document.documentElement.dir]), ["ar", "rtl"], path);
      const brand = await page.locator(".g-brand").boundingBox();
      assert.ok(brand.x > WIDE.width / 2, `${path}: the mark stands at the right`);
      for (const size of [NARROW, WIDE]) {
        await page.setViewportSize(size);
        const width = await page.evaluate(() => document.scrollingElement.scrollWidth);
        assert.ok(width <= size.width, `${path}: ${width} wide at ${size.width}`);
      }
    }
  });

  test("its resource page is mirrored, a French one is not", async (t) => {
    const page = await here.visit(t, RESOURCE, { viewport: WIDE });
    await mirrored(page);
    await page.goto("/reperer-et-orienter-premiers-gestes-a-l-ecole/");
    const article = page.locator("main article");
    assert.deepEqual([await article.getAttribute("lang"), await article.getAttribute("dir")], ["fr", "ltr"]);
  });

  test("the site's own words are Arabic", async (t) => {
    const page = await here.visit(t, "/");
    assert.match(await page.locator("main form button").innerText(), /\p{Script=Arabic}/u);
    assert.match(await page.locator("main h2").first().innerText(), /\p{Script=Arabic}/u);
  });

  test("so is the skip link", async (t) => {
    const page = await here.visit(t, "/");
    assert.match(await page.locator(".g-skip").innerText(), /\p{Script=Arabic}/u);
  });
});

/** The picture of the document at the right, key data at the left, the text's lines from the right. */
async function mirrored(page) {
  const box = (selector) => page.locator(selector).first().boundingBox();
  const [sheet, title, prose, aside] = await Promise.all([".g-docs .g-sheet", "#docs", ".g-prose", "aside"].map(box));
  assert.ok(sheet.x > title.x, "the sheet stands right of its heading");
  assert.ok(aside.x < prose.x, "key data stand left of the text");
  assert.equal(await page.locator(".g-prose p").first().evaluate((p) => getComputedStyle(p).direction), "rtl");
}
