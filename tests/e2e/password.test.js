// A resource behind a password: a form, a wrong password, the right one, and only that one is opened.
import assert from "node:assert/strict";
import { test } from "node:test";
import { suite } from "./suite.js";

const here = await suite();
const LOCKED = "/trainers-notes-hotel-and-transport-staff/";
const SECRET = "Give every participant the name of the person in the house who receives reports";
const todo = "the sign-in door (wp-login.php) is not built yet; take this mark away when it is";

async function enter(page, password) {
  await page.getByLabel(/Password/).fill(password);
  await page.getByRole("button", { name: "Enter" }).click();
  await page.waitForLoadState();
}

test("the text is locked, the form can be used", async (t) => {
  const page = await here.visit(t, LOCKED);
  assert.ok(!(await page.content()).includes(SECRET));
  const field = page.getByLabel(/Password/);
  assert.equal(await field.getAttribute("type"), "password");
  assert.equal(await field.getAttribute("required"), "");
});

test("a wrong password is told", { todo }, async (t) => {
  const page = await here.visit(t, LOCKED);
  await enter(page, "not-this-one");
  assert.equal(new URL(page.url()).pathname, LOCKED);
  assert.match(await page.getByRole("main").innerText(), /wrong|not right|not the password|does not open/i);
  assert.ok(!(await page.content()).includes(SECRET));
});

test("the right password opens it, for this visitor only", { todo }, async (t) => {
  const page = await here.visit(t, LOCKED, { javaScriptEnabled: false });
  await enter(page, "guidepost-demo");
  assert.equal(new URL(page.url()).pathname, LOCKED);
  assert.ok((await page.content()).includes(SECRET));
  const answer = await page.reload();
  assert.ok((await answer.text()).includes(SECRET), "and it stays open");
  assert.match(answer.headers()["cache-control"], /private|no-store/, "no cache between keeps it");
  const [cookie] = await page.context().cookies();
  assert.equal(cookie.httpOnly, true);

  const other = await here.visit(t, LOCKED);
  assert.ok(!(await other.content()).includes(SECRET), "somebody else still needs it");
});
