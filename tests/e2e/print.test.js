// A resource on paper: its title, text and address, and nothing of the site around it.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { suite } from "./suite.js";

const here = await suite();

/** The text of a PDF, by poppler's pdftotext (which `scripts/setup` installs). */
function text(pdf) {
  const done = spawnSync("pdftotext", ["-layout", "-", "-"], { input: pdf, encoding: "utf8" });
  if (done.error) throw new Error(`pdftotext is missing (package poppler-utils): ${done.error.message}`);
  return done.stdout.replaceAll(/\s+/g, " ");
}

test("a printed resource", async (t) => {
  const page = await here.visit(t, "/checklist-for-legislators-three-conducts/");
  const pdf = await page.pdf({ format: "A4" });
  const printed = text(pdf);
  assert.match(printed, /Checklist for legislators: the three conducts/);
  assert.match(printed, /GDL\/2026\/3/);
  assert.match(printed, /How to work with it/);
  assert.ok(printed.includes(`${here.url}/checklist-for-legislators-three-conducts/`), "where it was printed from");
  for (const around of ["Skip to the text", "Calendar", "Search the library", "This site sets no cookies", "Related, and why", "How to follow"]) {
    assert.ok(!printed.includes(around), `"${around}" is not printed`);
  }
  const sheets = (pdf.toString("latin1").match(/\/Type\s*\/Page\b/g) ?? []).length;
  assert.ok(sheets >= 1 && sheets <= 3, `${sheets} pages of paper`);
});

test("dark mode prints black on white", async (t) => {
  const page = await here.visit(t, "/words-that-respect-children/", { colorScheme: "dark" });
  await page.emulateMedia({ media: "print", colorScheme: "dark" });
  const colours = await page.evaluate(() => {
    const body = getComputedStyle(document.body);
    return [body.color, body.backgroundColor];
  });
  assert.deepEqual(colours, ["rgb(0, 0, 0)", "rgb(255, 255, 255)"]);
});
