// Clients that were written for WordPress, unchanged: they list, search, write, upload, look back and throw away.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import WPAPI from "wpapi";
import { demo } from "./site.js";

const PASSWORD = "a long enough password";
let site, folder;

before(async () => {
  site = await demo({ blogname: "Library of clients" });
  site.command(["users", "add", "cleo", "--email", "cleo@library.example", "--role", "editor", "--password-stdin"], `${PASSWORD}\n`);
  folder = mkdtempSync(join(tmpdir(), "guidepost-clients-"));
});
after(async () => {
  rmSync(folder, { recursive: true, force: true });
  await site.stop();
});

test("wpapi reads and writes", async () => {
  const { password } = JSON.parse(site.command(["users", "app-password", "cleo", "wpapi"]));
  const api = new WPAPI({ endpoint: `${site.url}/wp-json`, username: "cleo", password, auth: true });
  const visitor = new WPAPI({ endpoint: `${site.url}/wp-json` });

  const listed = await visitor.posts().perPage(3).embed();
  assert.equal(listed.length, 3);
  assert.ok(Number(listed._paging.total) > 3 && listed._paging.links.next, "pages are counted and linked");
  assert.ok(listed[0]._embedded["wp:term"], "terms come along");
  const words = listed[0].title.rendered.split(" ").slice(0, 2).join(" ");
  const found = await visitor.posts().search(words);
  assert.ok(found.some((post) => post.id === listed[0].id));

  const label = await api.categories().create({ name: "Clients" });
  const made = await api.posts().create({ title: "Written by a client", content: "<p>First words</p>", status: "publish", categories: [label.id] });
  assert.equal((await visitor.posts().id(made.id)).content.rendered.trim(), "<p>First words</p>");
  assert.deepEqual((await visitor.posts().categories(label.id)).map((post) => post.id), [made.id]);

  const changed = await api.posts().id(made.id).update({ content: "<p>Second words</p>" });
  assert.match(changed.content.raw, /Second/);
  const revisions = await api.posts().id(made.id).revisions();
  assert.ok(revisions.some((revision) => /First/.test(revision.content.rendered)), "what it said before is kept");

  const file = join(folder, "notes.txt");
  writeFileSync(file, "words in a file");
  const media = await api.media().file(file).create({ title: "Notes", post: made.id });
  assert.equal(media.title.raw, "Notes");
  assert.equal(await (await fetch(media.source_url)).text(), "words in a file");

  assert.equal((await api.posts().id(made.id).delete()).status, "trash");
  await assert.rejects(visitor.posts().id(made.id).get(), (error) => error.code === "rest_forbidden");
  await assert.rejects(visitor.posts().create({ title: "x" }), (error) => error.code === "rest_cannot_create" && error.data.status === 401);
});

/** Signs in as a browser does; gives the cookie. */
async function session() {
  const form = await (await fetch(`${site.url}/wp-login.php`)).text();
  const fields = new URLSearchParams({ log: "cleo", pwd: PASSWORD });
  for (const [, input] of form.matchAll(/<input([^>]*type="hidden"[^>]*)>/g)) {
    const value = (name) => new RegExp(`${name}="([^"]*)"`).exec(input)?.[1] ?? "";
    fields.set(value("name"), value("value").replaceAll("&amp;", "&"));
  }
  const answer = await fetch(`${site.url}/wp-login.php`, { method: "POST", body: fields, redirect: "manual", headers: { origin: site.url } });
  assert.equal(answer.status, 302);
  return answer.headers.getSetCookie().map((cookie) => cookie.split(";")[0]).join("; ");
}

test("api-fetch writes with a session and its nonce, and gets a new nonce when the old one is wrong", async () => {
  globalThis.window = globalThis;
  const { default: imported } = await import("@wordpress/api-fetch");
  const apiFetch = imported.default ?? imported;
  const cookie = await session();
  const own = globalThis.fetch;
  globalThis.fetch = (url, options = {}) => own(url, { ...options, headers: { ...options.headers, cookie } });
  try {
    const nonceAt = `${site.url}/wp-admin/admin-ajax.php?action=rest-nonce`;
    apiFetch.use(apiFetch.createRootURLMiddleware(`${site.url}/wp-json/`));
    const visitor = await apiFetch({ path: "/wp/v2/posts?per_page=1" });
    assert.equal(visitor.length, 1);
    await assert.rejects(apiFetch({ path: "/wp/v2/users/me" }), (error) => error.code === "rest_not_logged_in");

    const nonce = apiFetch.createNonceMiddleware("wrong");
    apiFetch.use(nonce);
    apiFetch.nonceMiddleware = nonce;
    apiFetch.nonceEndpoint = nonceAt;
    const me = await apiFetch({ path: "/wp/v2/users/me" });
    assert.equal(me.name, "cleo");
    const made = await apiFetch({ path: "/wp/v2/posts", method: "POST", data: { title: "By api-fetch" } });
    assert.equal(made.status, "draft");
    const changed = await apiFetch({ path: `/wp/v2/posts/${made.id}`, method: "PUT", data: { excerpt: "Short" } });
    assert.equal(changed.excerpt.raw, "Short");
    const gone = await apiFetch({ path: `/wp/v2/posts/${made.id}?force=true`, method: "DELETE" });
    assert.equal(gone.deleted, true);
  } finally {
    globalThis.fetch = own;
  }
});
