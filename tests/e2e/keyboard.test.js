// Everything with the keyboard alone: the skip link, a focus that can be seen and is not covered, the menus.
import assert from "node:assert/strict";
import { test } from "node:test";
import { NARROW, WIDE, suite } from "./suite.js";

const here = await suite();

test("the skip link is the first stop and leads to the text", async (t) => {
  const page = await here.visit(t, "/about/");
  await page.keyboard.press("Tab");
  const skip = page.locator(":focus");
  assert.equal(await skip.getAttribute("href"), "#main");
  const box = await skip.boundingBox();
  assert.ok(box.x >= 0 && box.y >= 0 && box.height > 10, "it is on the screen while focused");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  assert.ok(await page.evaluate(() => document.activeElement.closest("main") !== null), "the next stop is in the text");
});

for (const [path, viewport] of [
  ["/", WIDE],
  ["/", NARROW],
  ["/checklist-for-legislators-three-conducts/", WIDE],
  ["/?s=recruitment", NARROW],
  ["/get-help-now/", NARROW],
]) {
  test(`every stop on ${path} at ${viewport.width} can be seen`, async (t) => {
    const page = await here.visit(t, path, { viewport });
    const stops = await page.locator("a[href]:not([tabindex='-1']), button, input:not([type=hidden]), select, summary").count();
    const seen = new Set();
    for (let stop = 0; stop < stops + 2; stop += 1) {
      await page.keyboard.press("Tab");
      const told = await page.evaluate(look);
      if (told === null) break; // past the last one
      assert.ok(told.ring, `${told.name} shows its focus`);
      assert.ok(told.open, `${told.name} is not covered (by ${told.over})`);
      seen.add(told.name);
    }
    assert.ok(seen.size >= 10, `${seen.size} stops`);
    assert.ok(await page.evaluate(() => document.activeElement === document.body), "the keyboard leaves the page at its end");
  });
}

/** In the page: the focused element's name, whether a ring is drawn, and whether anything lies over it. */
function look() {
  const at = document.activeElement;
  if (at === null || at === document.body) return null;
  const style = getComputedStyle(at);
  const ring = (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2) || style.boxShadow !== "none";
  const box = at.getClientRects()[0];
  const top = box && document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
  const name = `${at.tagName.toLowerCase()} "${(at.innerText || at.name || "").trim().slice(0, 40)}" ${at.getAttribute("href") ?? ""}`;
  const open = Boolean(top && (at.contains(top) || top.contains(at)));
  return { name, ring, open, over: top ? `${top.tagName} ${top.className}` : "nothing" };
}

for (const viewport of [WIDE, NARROW]) {
  test(`the menu opens, is walked and closes at ${viewport.width}`, async (t) => {
    const page = await here.visit(t, "/", { viewport });
    const menu = page.locator(".g-nav summary", { hasText: "Start from your work" });
    await menu.focus();
    await page.keyboard.press("Enter");
    const inside = page.locator(".g-nav details[open] li a");
    assert.equal(await inside.count(), 6);
    await page.keyboard.press("Tab");
    await page.keyboard.press("Tab");
    assert.match(await page.locator(":focus").innerText(), /Making law and policy/);
    const box = await page.locator(":focus").boundingBox();
    assert.ok(box.x >= 0 && box.x + box.width <= viewport.width, "on the screen");
    await menu.focus();
    await page.keyboard.press("Space");
    assert.equal(await inside.count(), 0);
    await page.keyboard.press("Space");
    await inside.nth(2).focus();
    await page.keyboard.press("Enter");
    await page.waitForURL("**/investigating-and-judging/");
    assert.ok((await page.locator('.g-nav [aria-current="page"]').count()) >= 1, "the menu marks where one is");
  });
}

test("a search with the keyboard alone", async (t) => {
  const page = await here.visit(t, "/");
  for (let stop = 0; stop < 20; stop += 1) {
    await page.keyboard.press("Tab");
    if ((await page.locator(":focus").getAttribute("name")) === "s") break;
  }
  await page.keyboard.type("hotel");
  await page.keyboard.press("Enter");
  await page.waitForURL(/s=hotel/);
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await page.locator(".g-hit h2 a").first().focus();
  await page.keyboard.press("Enter");
  await page.waitForURL((at) => !at.search.includes("s=hotel"));
});
