// People with an account: the first one by its link, signing out and in, the second step, one's own account. Without scripts.
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { test } from "node:test";
import { follow, NARROW, suite, WIDE } from "./suite.js";

const here = await suite({ blogname: "Library of people" });
const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const PASSWORD = "a sentence nobody guesses";
const PROFILE = "/wp-admin/profile.php";

const path = (page) => new URL(page.url()).pathname;
const button = (page, name) => page.getByRole("button", { name, exact: true });

async function sound(page, name) {
  await page.evaluate(AXE);
  for (const [viewport, colorScheme] of [[NARROW, "light"], [WIDE, "dark"]]) {
    await page.setViewportSize(viewport);
    await page.emulateMedia({ colorScheme });
    const found = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ["violations"] }));
    const faults = found.violations.flatMap((rule) => rule.nodes.map((node) => `${rule.id}: ${node.target.join(" ")}`));
    assert.deepEqual(faults, [], `${name}, ${colorScheme}`);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth > globalThis.innerWidth);
    assert.ok(!wide, `${name} is too wide`);
  }
}

async function signIn(page) {
  await page.goto("/wp-login.php");
  await page.getByLabel("Name or e-mail").fill("anna");
  await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await follow(page, button(page, "Sign in"));
}

/** What an app on the phone shows, so many half minutes from now. */
function code(secret, ahead) {
  const bits = [...secret].map((c) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(c).toString(2).padStart(5, "0")).join("");
  const bytes = Buffer.from(bits.match(/.{8}/g).map((byte) => Number.parseInt(byte, 2)));
  const step = Buffer.alloc(8);
  step.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + ahead));
  const digest = createHmac("sha1", bytes).update(step).digest();
  const number = digest.readUInt32BE(digest[19] & 15) & 0x7fffffff;
  return String(number % 1_000_000).padStart(6, "0");
}

test("from the link of the first start to the second step", async (t) => {
  const link = await here.firstLink();
  const page = await here.visit(t, link, { fresh: true });
  const refused = [];
  page.on("console", (message) => message.type() === "error" && refused.push(message.text()));
  await sound(page, "first start");
  await page.getByLabel("Sign-in name").fill("anna");
  await page.getByLabel("E-mail").fill("anna@library.example");
  await page.getByLabel("Password").fill(PASSWORD);
  await follow(page, button(page, "Make the account"));
  await page.waitForURL("**/wp-admin/");
  await sound(page, "today");
  await page.goto(PROFILE);
  await sound(page, "one's own account");

  await follow(page, button(page, "Sign out"));
  assert.match(await page.getByRole("status").innerText(), /signed out/);
  await sound(page, "signing in");
  await page.goto(PROFILE);
  assert.equal(path(page), "/wp-login.php");
  await page.getByLabel("Name or e-mail").fill("anna");
  await page.getByLabel("Password", { exact: true }).fill("wrong");
  await follow(page, button(page, "Sign in"));
  assert.match(await page.getByRole("alert").innerText(), /did not match/);
  await sound(page, "a wrong password");
  await signIn(page);
  await page.waitForURL("**/wp-admin/");
  await page.goto(PROFILE);

  const secret = (await page.locator("section", { hasText: "Second step" }).locator("code").innerText()).replaceAll(" ", "");
  const form = page.locator("form", { has: button(page, "Switch it on") });
  await form.getByLabel("Code").fill(code(secret, 0));
  await form.getByLabel("Present password").fill(PASSWORD);
  await follow(page, button(page, "Switch it on"));
  assert.equal(await page.locator(".codes li").count(), 10);
  await sound(page, "recovery codes");
  await follow(page, button(page, "Sign out"));
  await signIn(page);
  await sound(page, "the second step");
  await page.getByLabel("Code").fill(code(secret, 1));
  await follow(page, button(page, "Go on"));
  await page.waitForURL("**/wp-admin/");

  // A program on this computer asks; browsers hold the policy of the form against where its answer leads.
  const program = `${here.url.replace("127.0.0.1", "localhost")}/?reader=1`;
  const asking = `/wp-admin/authorize-application.php?app_name=Reader&success_url=${encodeURIComponent(program)}`;
  await page.goto(asking);
  await sound(page, "a program's question");
  await follow(page, button(page, "Yes, give access"));
  assert.match(page.url(), /^http:\/\/localhost:\d+\/\?reader=1&site_url=[^&]+&user_login=anna&password=\w{24}$/);
  await page.goto(asking);
  await follow(page, button(page, "No"));
  assert.match(page.url(), /\?reader=1&success=false$/);
  const [cookie] = await page.context().cookies(here.url);
  assert.deepEqual([cookie.httpOnly, cookie.sameSite], [true, "Lax"]);
  assert.deepEqual(refused, [], "the policy forbids nothing that the pages need");
});
