// The editing room: the whole life of a resource, in the block editor and without a script; what each role may do.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { test } from "node:test";
import { follow, NARROW, suite, WIDE } from "./suite.js";

const here = await suite({ blogname: "Library of editors" });
const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const PASSWORD = "a sentence nobody guesses";
const PDF = new URL("../../demo/uploads/2026/11/protocol-explained-en.pdf", import.meta.url).pathname;

const button = (page, name) => page.getByRole("button", { name, exact: true });
const link = (page, name) => page.getByRole("link", { name, exact: true });

async function sound(page, name) {
  await page.evaluate(AXE);
  for (const [viewport, colorScheme] of [[NARROW, "light"], [WIDE, "dark"]]) {
    await page.setViewportSize(viewport);
    await page.emulateMedia({ colorScheme });
    const found = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ["violations"] }));
    const faults = found.violations.flatMap((rule) => rule.nodes.map((node) => `${rule.id}: ${node.target.join(" ")}`));
    assert.deepEqual(faults, [], `${name}, ${colorScheme}`);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth > globalThis.innerWidth);
    assert.ok(!wide, `${name} is too wide at ${viewport.width}`);
  }
  await page.emulateMedia({ colorScheme: "light" });
}

const made = new Map();
/** Somebody with a role, signed in, in a browser of their own. */
async function somebody(t, role, options = {}) {
  const name = `${role}-${made.size}`;
  made.set(name, role);
  await here.command(["users", "add", name, "--email", `${name}@library.example`, "--role", role, "--password-stdin"], `${PASSWORD}\n`);
  const page = await here.visit(t, "/wp-login.php", { fresh: true, ...options });
  await page.getByLabel("Name or e-mail").fill(name);
  await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await follow(page, button(page, "Sign in"));
  await page.waitForURL("**/wp-admin/");
  return page;
}

test("a resource in the block editor, from the first word to the trash and back", async (t) => {
  const page = await somebody(t, "administrator");
  const foreign = [];
  page.on("request", (request) => {
    const { protocol, host } = new URL(request.url());
    if (protocol.startsWith("http") && host !== new URL(here.url).host) foreign.push(request.url());
  });
  const failed = [];
  page.on("pageerror", (error) => failed.push(error.message));
  await page.goto("/wp-admin/post-new.php");
  const canvas = page.frameLocator("iframe[name=editor-canvas]");
  await canvas.locator(".editor-post-title__input").click();
  await page.keyboard.type("Orphanages and visitors");
  await page.keyboard.press("Enter");
  await page.keyboard.type("Recruiters bring children from villages that nobody visits. See here.");
  await page.keyboard.press("Enter");
  await page.keyboard.type("/heading");
  await page.getByRole("option", { name: "Heading", exact: true }).waitFor();
  await page.keyboard.press("Enter");
  await page.keyboard.type("What a visitor can do");
  await page.getByRole("tab", { name: "Post", exact: true }).click();
  await button(page, "Document record").click();
  await page.getByLabel("Symbol").fill("LIB/2026/7");
  await button(page, "Save draft").click();
  await page.getByText("Draft saved.").first().waitFor();
  const id = new URL(page.url()).searchParams.get("post");
  assert.ok(Number(id) > 0, page.url());
  const record = () => page.evaluate(async (id) => {
    const nonce = await (await fetch("/wp-admin/admin-ajax.php?action=rest-nonce")).text();
    return (await fetch(`/wp-json/guidepost/v1/items/${id}/record`, { headers: { "X-WP-Nonce": nonce } })).json();
  }, id);
  for (let tries = 0; tries < 50 && !(await record()).record.symbol; tries += 1) await page.waitForTimeout(100);
  assert.equal((await record()).record.symbol, "LIB/2026/7");

  await button(page, "Publish").click();
  await page.getByRole("region", { name: "Editor publish" }).getByRole("button", { name: "Publish", exact: true }).click();
  await page.getByText("is now live").first().waitFor();
  const reader = await here.visit(t, "/?s=recruiters+villages");
  assert.match(await reader.locator("main").innerText(), /Orphanages and visitors/);
  assert.deepEqual(foreign, [], "the editor asks nobody else");
  assert.deepEqual(failed, []);

  await page.goto(`/wp-admin/post.php?post=${id}&action=edit&plain=1`);
  await sound(page, "the plain editor");
  await page.getByLabel("Title").fill("Orphanages, visitors and recruiters");
  await page.getByRole("textbox", { name: "What changed, for readers" }).fill("The title names recruiters.");
  await page.getByLabel("Add documents").setInputFiles(PDF);
  await follow(page, button(page, "Update"));
  assert.match(await page.getByRole("status").innerText(), /Saved/);
  await follow(page, link(page, "View"));
  const shown = await page.locator("main").innerText();
  assert.match(shown, /Orphanages, visitors and recruiters/);
  assert.match(shown, /The title names recruiters/);
  assert.match(shown, /Read or download[\s\S]*3 pages/);

  await page.goto(`/wp-admin/post.php?post=${id}&action=edit&plain=1`);
  await follow(page, page.getByRole("link", { name: /earlier versions/ }));
  await follow(page, page.getByRole("link", { name: "Compare with now" }).nth(1));
  assert.match(await page.locator("main").innerText(), /recruiters/);
  await sound(page, "versions");
  await follow(page, page.getByRole("button", { name: /^Put it back/ }).nth(1));
  assert.match(await page.getByRole("status").innerText(), /earlier version/);

  await page.goto("/wp-admin/edit.php");
  await sound(page, "the list");
  await page.locator("tr", { hasText: "Orphanages and visitors" }).hover();
  await follow(page, page.getByRole("button", { name: "To trash Orphanages and visitors" }));
  assert.match(await page.getByRole("status").innerText(), /moved to the trash/);
  await reader.goto("/?s=recruiters+villages");
  assert.doesNotMatch(await reader.locator("main").innerText(), /Orphanages and visitors/);
  await follow(page, button(page, "Undo"));
  assert.match(await page.getByRole("status").innerText(), /put back/);
});

test("a resource without a script", async (t) => {
  const page = await somebody(t, "editor", { javaScriptEnabled: false });
  await page.goto("/wp-admin/post-new.php?plain=1");
  await page.getByLabel("Title").fill("Helplines & <b>hours</b> &amp; more");
  await page.getByLabel("Text").fill("<!-- wp:paragraph -->\n<p>Open at night.</p>\n<!-- /wp:paragraph -->");
  await page.getByLabel("Guidance", { exact: true }).check();
  await page.getByRole("textbox", { name: "Topics" }).fill("Helplines, Nights");
  await follow(page, button(page, "Save"));
  assert.equal(await page.getByLabel("Title").inputValue(), "Helplines & <b>hours</b> &amp; more");
  assert.equal(await page.getByRole("textbox", { name: "Topics" }).inputValue(), "Helplines, Nights");
  const look = await page.getByRole("link", { name: /without an account/ }).getAttribute("href");
  const other = await here.visit(t, look, { fresh: true });
  assert.match(await other.locator("main").innerText(), /Open at night/);
  const refused = await other.goto(look.replace(/preview_key=\d+/, "preview_key=9"));
  assert.equal(refused.status(), 404);
  await follow(page, button(page, "Publish"));
  assert.match(await page.getByRole("status").innerText(), /Published/);

  // Two windows: the second is told, and what it typed stays.
  const address = page.url();
  const second = await page.context().newPage();
  await second.goto(address);
  await page.getByLabel("Summary").fill("Of the first window.");
  await follow(page, button(page, "Update"));
  await second.getByLabel("Summary").fill("Of the second window.");
  await follow(second, button(second, "Update"));
  assert.match(await second.getByRole("alert").innerText(), /Somebody else has saved/);
  assert.equal(await second.getByLabel("Summary").inputValue(), "Of the second window.");
});

test("who contributes writes, and others publish", async (t) => {
  const page = await somebody(t, "contributor", { javaScriptEnabled: false });
  assert.deepEqual(await page.locator(".a-menu a").allInnerTexts(), ["Today", "Resources", "Patterns"]);
  await page.goto("/wp-admin/post-new.php?plain=1");
  assert.equal(await button(page, "Publish").count(), 0);
  await page.getByLabel("Title").fill("A text for review");
  await follow(page, button(page, "Send for review"));
  assert.match(await page.getByRole("status").innerText(), /Sent for review/);
  for (const closed of ["/wp-admin/upload.php", "/wp-admin/log.php", "/wp-admin/users.php", "/wp-admin/edit.php?post_type=page"]) {
    const answer = await page.goto(closed);
    assert.equal(answer.status(), 403, closed);
  }
  const editor = await somebody(t, "editor");
  assert.match(await editor.locator("main").innerText(), /waiting for review[\s\S]*A text for review/);
  await sound(editor, "today");
});

test("files: sent, described, replaced, gone", async (t) => {
  const page = await somebody(t, "editor");
  await page.goto("/wp-admin/media-new.php");
  await sound(page, "new files");
  await page.getByLabel("Files").setInputFiles(PDF);
  await follow(page, button(page, "Send"));
  await sound(page, "files");
  await follow(page, page.locator(".a-tile").first());
  const address = await page.locator("dl a[href^='/wp-content/uploads/']").first().getAttribute("href");
  await page.getByLabel("Title").fill("The protocol, explained");
  await follow(page, button(page, "Save"));
  assert.match(await page.getByRole("status").innerText(), /Saved/);
  await sound(page, "a file");
  const before = await (await page.request.get(address)).body();
  await page.getByLabel("The new file").setInputFiles(new URL("../../demo/uploads/2026/11/reporting-channels-en.pdf", import.meta.url).pathname);
  await follow(page, button(page, "Replace"));
  assert.match(await page.getByRole("status").innerText(), /new bytes/);
  assert.notDeepEqual(await (await page.request.get(address)).body(), before);
  await follow(page, button(page, "Delete for good"));
  assert.match(await page.getByRole("alert").innerText(), /Tick the box/);
  await page.getByLabel(/Yes, delete this file/).check();
  await follow(page, button(page, "Delete for good"));
  assert.equal((await page.request.get(address)).status(), 404);
});

test("one box finds items and screens", async (t) => {
  const page = await somebody(t, "administrator");
  await page.keyboard.press("Control+k");
  await page.keyboard.type("checklist");
  await page.keyboard.press("Enter");
  await page.waitForURL("**/find.php?s=checklist");
  assert.match(await page.locator("main").innerText(), /Checklist for legislators/);
  await sound(page, "find");
  for (const screen of ["searches.php", "log.php", "users.php", "user-new.php", "options-general.php", "options-reading.php", "options-discussion.php", "redirects.php", "options-permalink.php", "options-media.php", "options-privacy.php", "tools.php", "site-health.php", "jobs.php", "mails.php", "export.php", "edit-comments.php", "edit-tags.php?taxonomy=category", "edit.php?post_type=page", "edit.php?quick=1"]) {
    const answer = await page.goto(`/wp-admin/${screen}`);
    assert.equal(answer.status(), 200, screen);
    await sound(page, screen);
  }
});
