// WCAG 2.2 A and AA by axe-core, on every kind of page: narrow and wide, light and dark.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { test } from "node:test";
import { MAIN_PAGES } from "./main-pages.js";
import { NARROW, WIDE, suite } from "./suite.js";

const here = await suite();
const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const ALL = { runOnly: { type: "tag", values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"] } };
const CONTRAST = { runOnly: { type: "rule", values: ["color-contrast", "link-in-text-block"] } };

async function violations(page, options, part = "html") {
  const found = await page.evaluate(
    ([within, run]) => globalThis.axe.run(within, { ...run, resultTypes: ["violations"] }),
    [part, options],
  );
  return found.violations.flatMap((rule) =>
    rule.nodes.map((node) => `${rule.id} (${rule.impact}): ${node.target.join(" ")} | ${node.failureSummary.replaceAll(/\s+/g, " ")}`),
  );
}

for (const [name, path] of MAIN_PAGES) {
  test(name, async (t) => {
    const page = await here.visit(t, path, { viewport: NARROW, colorScheme: "light", reducedMotion: "reduce" });
    await page.evaluate(AXE);
    const found = {};
    found["narrow, light"] = await violations(page, ALL);
    await page.emulateMedia({ colorScheme: "dark" });
    found["narrow, dark"] = await violations(page, CONTRAST);
    await page.setViewportSize(WIDE);
    found["wide, dark"] = await violations(page, ALL);
    await page.emulateMedia({ colorScheme: "light" });
    found["wide, light"] = await violations(page, CONTRAST);
    const faults = Object.entries(found).flatMap(([how, all]) => all.map((fault) => `${how}: ${fault}`));
    assert.deepEqual(faults, []);
  });
}

test("the open menu", async (t) => {
  const page = await here.visit(t, "/about/");
  await page.evaluate(AXE);
  for (const [viewport, colorScheme] of [[WIDE, "light"], [NARROW, "dark"]]) {
    await page.setViewportSize(viewport);
    await page.emulateMedia({ colorScheme });
    await page.locator(".g-nav details").first().evaluate((menu) => (menu.open = true));
    assert.deepEqual(await violations(page, ALL, ".g-nav"), []);
  }
});

test("text of twice the size and lines further apart cut nothing off", async (t) => {
  const page = await here.visit(t, undefined, { viewport: { width: 640, height: 800 } });
  for (const [name, path] of MAIN_PAGES) {
    await page.goto(path);
    // WCAG 1.4.4 and 1.4.12, by the values that 1.4.12 names.
    await page.evaluate(() => {
      document.documentElement.style.fontSize = "200%";
      for (const part of document.querySelectorAll("body *")) {
        part.style.setProperty("line-height", "1.5", "important");
        part.style.setProperty("letter-spacing", "0.12em", "important");
        part.style.setProperty("word-spacing", "0.16em", "important");
      }
    });
    const width = await page.evaluate(() => document.scrollingElement.scrollWidth);
    assert.ok(width <= 640, `${name}: ${width} wide at 640`);
  }
});
