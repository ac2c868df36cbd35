// A resource behind a password: a form, a wrong password, the right one, and only that one is opened.
import assert from "node:assert/strict";
import { test } from "node:test";
import { follow, suite } from "./suite.js";

const here = await suite();
const LOCKED = "/trainers-notes-hotel-and-transport-staff/";
const SECRET = "Give every participant the name of the person in the house who receives reports";

async function enter(page, password) {
  await page.getByLabel(/Password/).fill(password);
  const answered = page.waitForResponse((answer) => answer.request().isNavigationRequest() && answer.status() < 300);
  await follow(page, page.getByRole("button", { name: "Enter" }));
  return answered;
}

test("the text is locked, the form can be used", async (t) => {
  const page = await here.visit(t, LOCKED);
  assert.ok(!(await page.content()).includes(SECRET));
  const field = page.getByLabel(/Password/);
  assert.equal(await field.getAttribute("type"), "password");
  assert.equal(await field.getAttribute("required"), "");
});

test("a wrong password is told", async (t) => {
  const page = await here.visit(t, LOCKED);
  await enter(page, "not-this-one");
  assert.equal(new URL(page.url()).pathname, LOCKED);
  assert.match(await page.getByRole("main").innerText(), /wrong|not right|not the password|does not open/i);
  assert.ok(!(await page.content()).includes(SECRET));
});

test("the right password opens it, for this visitor only", async (t) => {
  const page = await here.visit(t, LOCKED, { fresh: true, javaScriptEnabled: false });
  const answer = await enter(page, "guidepost-demo");
  assert.equal(new URL(page.url()).pathname, LOCKED);
  assert.ok((await page.content()).includes(SECRET));
  assert.match(answer.headers()["cache-control"], /private|no-store/, "no cache between keeps it");
  assert.deepEqual(await page.context().cookies(), [], "even this sets no cookie");

  const other = await here.visit(t, LOCKED, { fresh: true });
  assert.ok(!(await other.content()).includes(SECRET), "somebody else still needs it");
});
