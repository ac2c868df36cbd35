// The block editor's own store (@wordpress/core-data), unchanged, in a browser with a session: what the editor does with resources.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { follow, suite } from "./suite.js";

const here = await suite({ blogname: "Library of stores" });
const PASSWORD = "a long enough password";
const folder = mkdtempSync(join(tmpdir(), "guidepost-store-"));
after(() => rmSync(folder, { recursive: true, force: true }));

/** The store as one script, under the name `wp`. */
async function store() {
  const outfile = join(folder, "store.js");
  await build({
    entryPoints: [fileURLToPath(new URL("core-data.js", import.meta.url))],
    bundle: true,
    format: "iife",
    globalName: "wp",
    outfile,
    define: { "process.env.NODE_ENV": '"production"', "globalThis.IS_WORDPRESS_CORE": "false" },
    loader: { ".js": "jsx" },
    logLevel: "error",
  });
  return outfile;
}

/** A page of the site for somebody who is signed in, with the store in it. */
async function editing(t) {
  here.command(["users", "add", "stella", "--email", "stella@library.example", "--role", "editor", "--password-stdin"], `${PASSWORD}\n`);
  // The tests' own script is none of the site's, whose policy would forbid it.
  const page = await here.visit(t, "/wp-login.php", { fresh: true, bypassCSP: true });
  await page.getByLabel("Name or e-mail").fill("stella");
  await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await follow(page, page.getByRole("button", { name: "Sign in", exact: true }));
  await page.waitForURL("**/wp-admin/");
  await page.addScriptTag({ path: await store() });
  await page.evaluate(async () => {
    const { wp } = globalThis;
    const nonce = await (await fetch("/wp-admin/admin-ajax.php?action=rest-nonce")).text();
    wp.apiFetch.use(wp.apiFetch.createRootURLMiddleware("/wp-json/"));
    wp.apiFetch.use(wp.apiFetch.createNonceMiddleware(nonce));
  });
  return page;
}

test("the editor's store lists, searches, writes, uploads, looks back and throws away", async (t) => {
  const page = await editing(t);
  const seen = await page.evaluate(async () => {
    const { wp } = globalThis;
    const ask = wp.resolveSelect(wp.store);
    const listed = await ask.getEntityRecords("postType", "post", { per_page: 3 });
    const found = await ask.getEntityRecords("postType", "post", { search: listed[0].title.raw.split(" ").slice(0, 2).join(" ") });
    return {
      me: (await ask.getCurrentUser()).name,
      may: await ask.canUser("create", { kind: "postType", name: "post" }),
      mayNot: await ask.canUser("create", { kind: "root", name: "user" }),
      listed: listed.map((post) => post.id),
      total: wp.select(wp.store).getEntityRecordsTotalItems("postType", "post", { per_page: 3 }),
      found: found.map((post) => post.id),
      type: (await ask.getPostType("page")).rest_base,
      labels: (await ask.getEntityRecords("taxonomy", "category", { per_page: 5 })).length,
    };
  });
  assert.deepEqual([seen.me, seen.may, seen.mayNot, seen.type], ["stella", true, false, "pages"]);
  assert.equal(seen.listed.length, 3);
  assert.ok(seen.total > 3 && seen.labels > 1 && seen.found.includes(seen.listed[0]), JSON.stringify(seen));

  const written = await page.evaluate(async () => {
    const { wp } = globalThis;
    const does = wp.dispatch(wp.store);
    const ask = wp.resolveSelect(wp.store);
    const made = await does.saveEntityRecord("postType", "post", { title: "From the store", content: "<!-- wp:paragraph --><p>First words</p><!-- /wp:paragraph -->" }, { throwOnError: true });
    does.editEntityRecord("postType", "post", made.id, { content: "<!-- wp:paragraph --><p>Second words</p><!-- /wp:paragraph -->", status: "publish" });
    await does.saveEditedEntityRecord("postType", "post", made.id, { throwOnError: true });
    const changed = wp.select(wp.store).getRawEntityRecord("postType", "post", made.id);
    const revisions = await ask.getRevisions("postType", "post", made.id, { per_page: 10, context: "edit" });
    const form = new FormData();
    form.append("file", new File(["words in a file"], "store.txt", { type: "text/plain" }));
    form.append("title", "A file");
    const file = await wp.apiFetch({ path: "/wp/v2/media", method: "POST", body: form });
    await does.deleteEntityRecord("postType", "post", made.id, {}, { throwOnError: true });
    const gone = await wp.apiFetch({ path: `/wp/v2/posts/${made.id}?context=edit` });
    const refused = await does.saveEntityRecord("root", "user", { username: "x", email: "x@x.example", password: "a long enough one" }, { throwOnError: true }).catch((error) => error.code);
    return { status: changed.status, content: changed.content, revisions: revisions.map((one) => one.content.raw), file: file.source_url, gone: gone.status, refused };
  });
  assert.equal(written.status, "publish");
  assert.match(written.content, /Second words/);
  assert.ok(written.revisions.some((words) => words.includes("First words")), JSON.stringify(written.revisions));
  assert.equal(await (await fetch(written.file)).text(), "words in a file");
  assert.deepEqual([written.gone, written.refused], ["trash", "rest_cannot_create_user"]);
});
