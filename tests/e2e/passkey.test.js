// Passkeys with the browser's own virtual authenticator: made on one's own page, used to sign in and as the second step.
import assert from "node:assert/strict";
import { test } from "node:test";
import { follow, suite } from "./suite.js";

const here = await suite({ blogname: "Library of keys" });
const PASSWORD = "a sentence nobody guesses";
const PROFILE = "/wp-admin/profile.php";
// Passkeys are for names, not for numbers.
const base = here.url.replace("127.0.0.1", "localhost");

const button = (page, name) => page.getByRole("button", { name, exact: true });

/** A device that holds passkeys, and knows whose hand it is in. */
async function device(page) {
  const session = await page.context().newCDPSession(page);
  await session.send("WebAuthn.enable", { enableUI: false });
  const options = { protocol: "ctap2", transport: "internal", hasResidentKey: true, hasUserVerification: true };
  const { authenticatorId } = await session.send("WebAuthn.addVirtualAuthenticator", {
    options: { ...options, isUserVerified: true, automaticPresenceSimulation: true },
  });
  return {
    known: (isUserVerified) => session.send("WebAuthn.setUserVerified", { authenticatorId, isUserVerified }),
    credentials: async () => (await session.send("WebAuthn.getCredentials", { authenticatorId })).credentials,
  };
}

async function signOut(page) {
  await page.goto(`${base}${PROFILE}`);
  await follow(page, button(page, "Sign out"));
}

test("a passkey is made, opens the account, and is asked for after the password", async (t) => {
  const link = (await here.firstLink()).replace("127.0.0.1", "localhost");
  const page = await here.visit(t, link, { fresh: true });
  const refused = [];
  page.on("console", (message) => message.type() === "error" && !/status of 4/.test(message.text()) && refused.push(message.text()));
  const held = await device(page);
  await page.getByLabel("Sign-in name").fill("anna");
  await page.getByLabel("E-mail").fill("anna@library.example");
  await page.getByLabel("Password").fill(PASSWORD);
  await follow(page, button(page, "Make the account"));
  await page.waitForURL("**/wp-admin/");
  await page.goto(`${base}${PROFILE}`);

  const section = page.locator("section", { hasText: "A passkey opens your account" });
  assert.match(await section.getByLabel("What to call it").inputValue(), /^Chrom\w+ on Linux$/);
  await section.getByLabel("Present password").fill("wrong");
  await button(page, "Add a passkey").click();
  assert.match(await section.getByRole("alert").innerText(), /did not match/);
  assert.equal((await held.credentials()).length, 0, "without the password the device is not asked");
  await section.getByLabel("Present password").fill(PASSWORD);
  await follow(page, button(page, "Add a passkey"));
  assert.match(await page.getByRole("status").innerText(), /passkey is kept/);
  assert.match(await section.locator(".rows").innerText(), /not used yet/);
  const [made] = await held.credentials();
  assert.deepEqual([made.rpId, made.isResidentCredential], ["localhost", true]);
  // The same device makes no second one.
  await section.getByLabel("Present password").fill(PASSWORD);
  await button(page, "Add a passkey").click();
  assert.match(await section.getByRole("alert").innerText(), /has a passkey for your account already/);

  await signOut(page);
  await page.goto(`${base}/wp-login.php`);
  await held.known(false);
  await button(page, "Sign in with a passkey").click();
  assert.match(await page.getByRole("alert").innerText(), /was not used/, "whose hand it is in has to be known");
  await held.known(true);
  await follow(page, button(page, "Sign in with a passkey"));
  await page.waitForURL("**/wp-admin/");
  await page.goto(`${base}${PROFILE}`);
  assert.match(await section.locator(".rows").innerText(), /, used /);

  const second = page.locator("form", { has: button(page, "Ask for a passkey") });
  await second.getByLabel("Present password").fill(PASSWORD);
  await follow(page, button(page, "Ask for a passkey"));
  assert.equal(await page.locator(".codes li").count(), 10);
  await signOut(page);
  await page.goto(`${base}/wp-login.php`);
  await page.getByLabel("Name or e-mail").fill("anna");
  await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await follow(page, button(page, "Sign in"));
  assert.equal(await page.locator("h1").innerText(), "Second step");
  await follow(page, button(page, "Use a passkey"));
  await page.waitForURL("**/wp-admin/");
  await page.goto(`${base}${PROFILE}`);

  await follow(page, section.getByRole("button", { name: "Remove" }));
  assert.match(await page.getByRole("alert").innerText(), /second step needs this passkey/);
  assert.deepEqual(refused, [], "the policy forbids nothing that the pages need");
});

test("without scripts no button leads nowhere", async (t) => {
  const page = await here.visit(t, `${base}/wp-login.php`, { fresh: true, javaScriptEnabled: false });
  assert.equal(await button(page, "Sign in with a passkey").count(), 0);
  assert.equal(await button(page, "Sign in").count(), 1);
});
