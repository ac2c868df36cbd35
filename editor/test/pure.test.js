// What the panels tell of a text, without a browser: `npm test`.
import assert from "node:assert/strict";
import { test } from "node:test";
import { faults } from "../src/faults.js";
import { hints } from "../src/terms.js";

const block = (name, attributes, innerBlocks = []) => ({ clientId: "c", name: `core/${name}`, attributes, innerBlocks });
const text = (content) => block("paragraph", { content });
const said = (...blocks) => faults(blocks).map((fault) => fault.text);
const words = (content, language) => hints([text(content)], language).map((hint) => hint.word);

test("headings go down step by step", () => {
  assert.deepEqual(said(block("heading", { level: 2, content: "a" }), block("heading", { level: 3, content: "b" }), block("heading", { level: 2, content: "c" })), []);
  assert.match(said(block("heading", { level: 4, content: "a" }))[0], /level 4 follows one of level 1/);
  assert.match(said(block("heading", { level: 1, content: "a" }))[0], /first level/);
  assert.match(said(block("heading", { level: 2, content: "<br>" }))[0], /empty/);
});

test("links say where they lead", () => {
  assert.equal(said(text('<a href="/x">Report of 2019</a>, <a href="/y"><img src="a.png" alt="The report"></a>')).length, 0);
  assert.match(said(text('See <a href="/x">here.</a>'))[0], /“here.” does not say/);
  assert.match(said(text('<a href="/x">Cliquez ici</a>'))[0], /does not say/);
  assert.match(said(text('<a href="https://a.example/b">https://a.example/b</a>'))[0], /is an address/);
  assert.match(said(block("table", { head: [{}].map(() => ({ cells: [] })), body: [{ cells: [{ content: '<a href="/x">more</a>' }] }] }))[0], /“more”/);
});

test("pictures have words, tables have heads", () => {
  assert.equal(said(block("group", {}, [block("image", { url: "/a.png", alt: " " })])).length, 1);
  assert.equal(said(block("image", { url: "/a.png", alt: "A door" }), block("image", {})).length, 0);
  assert.equal(said(block("html", { content: '<img src="a"><img src="b" alt="">' })).length, 1);
  assert.equal(said(block("table", { body: [{ cells: [] }, { cells: [] }] })).length, 1);
});

test("words of the field are told in their language", () => {
  assert.deepEqual(words("Child pornography, and child pornography again; a minor."), ["Child pornography", "child pornography", "a minor"]);
  assert.deepEqual(words("Webcam child sex tourism"), ["Webcam child sex tourism"]);
  assert.deepEqual(words("La pédopornographie", "fr"), ["pédopornographie"]);
  assert.deepEqual(words("La pédopornographie"), []);
  assert.deepEqual(words("Self-generated images; a survivor of forced labour."), ["Self-generated"]);
});

test("quotations, titles and other languages keep their words", () => {
  assert.deepEqual(words("The law says “child pornography” still."), []);
  assert.deepEqual(words("The Optional Protocol on the sale of children, child prostitution and child pornography asks States."), []);
  assert.deepEqual(words("A guide to Child Prostitution and Child Pornography in law."), []);
  assert.deepEqual(words('<span lang="la">child prostitution</span>, <cite>Child sex tourism</cite>'), []);
  assert.deepEqual(hints([block("quote", {}, [text("child prostitution")])], "en"), []);
});
