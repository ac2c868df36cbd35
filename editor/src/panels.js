// The panels beside the text: the record of the document, its files, how it is shown elsewhere, and what hinders readers.
import apiFetch from "@wordpress/api-fetch";
import { store as blockEditor } from "@wordpress/block-editor";
import { Button, SelectControl, TextControl, TextareaControl } from "@wordpress/components";
import { dispatch, select, subscribe, useDispatch, useSelect } from "@wordpress/data";
import { PluginDocumentSettingPanel, store as editor } from "@wordpress/editor";
import { createElement as h, useEffect, useState } from "@wordpress/element";
import { registerPlugin } from "@wordpress/plugins";
import { store as notices } from "@wordpress/notices";
import { faults } from "./faults.js";
import { hints } from "./terms.js";

const LINES = [["issued", "Issued: year, month or day"], ["symbol", "Symbol"], ["series", "Series"], ["original", "Original language"], ["licence", "Licence"], ["superseded_by", "Replaced by (end of its address)"], ["withdrawn_reason", "Why it was withdrawn"]];
const LISTS = [["publisher", "Publishers, one in each line"], ["audience", "Written for, one in each line"]];
const STATES = [["", "Nothing is said"], ["in force", "In force"], ["draft", "Draft"], ["superseded", "Replaced"], ["withdrawn", "Withdrawn"]];
const line = { __nextHasNoMarginBottom: true, __next40pxDefaultSize: true, className: "gp-field" };
const area = { __nextHasNoMarginBottom: true, className: "gp-field", rows: 2 };

// What is typed of the record, kept outside of React until the text is saved with it.
const kept = { path: "", told: null, changed: {}, language: null, change: "", listeners: new Set() };
const tell = () => { for (const listener of kept.listeners) listener(); };
function useKept() {
  const [, again] = useState(0);
  useEffect(() => { const listener = () => again((n) => n + 1); kept.listeners.add(listener); return () => kept.listeners.delete(listener); }, []);
  return kept;
}

async function load() {
  try { kept.told = await apiFetch({ path: kept.path }); } catch { kept.told = null; }
  tell();
}

/** The text was saved: now what stands beside it. */
async function save() {
  const data = {};
  if (Object.keys(kept.changed).length) data.record = kept.changed;
  if (kept.language !== null) data.language = kept.language;
  if (kept.change.trim()) data.change = kept.change;
  if (!Object.keys(data).length) return;
  try {
    kept.told = await apiFetch({ path: kept.path, method: "POST", data });
    Object.assign(kept, { changed: {}, language: null, change: "" });
  } catch (error) {
    dispatch(notices).createErrorNotice(`The text was saved, its record was not: ${error.message}`, { id: "guidepost-record" });
  }
  tell();
}

/** Typing in a panel makes the item one that is to be saved. */
function touched() {
  dispatch(editor).editPost({ guidepost_touched: Date.now() });
}

const shown = (value) => (Array.isArray(value) ? value.join("\n") : value ?? "");
const fact = (name) => (name in kept.changed ? shown(kept.changed[name]) : shown(kept.told?.record?.[name]));
const set = (name, value) => { kept.changed[name] = value; touched(); tell(); };

function Record() {
  useKept();
  if (!kept.told) return null;
  return h(PluginDocumentSettingPanel, { name: "record", title: "Document record" },
    h(SelectControl, { ...line, label: "Status", value: fact("status"), options: STATES.map(([value, label]) => ({ value, label })), onChange: (value) => set("status", value) }),
    LISTS.map(([name, label]) => h(TextareaControl, { ...area, key: name, label, value: fact(name), onChange: (value) => set(name, value.split("\n")) })),
    LINES.map(([name, label]) => h(TextControl, { ...line, key: name, label, value: fact(name), onChange: (value) => set(name, value) })),
    h(TextControl, { ...line, label: "Language of this page", help: "en, fr, ar …; empty: the language of the site", value: kept.language ?? kept.told.language, onChange: (value) => { kept.language = value; touched(); tell(); } }));
}

const STATE_WORDS = { text: "can be searched", unread: "not read yet", scanned: "scanned: no text in it", locked: "locked by a password", damaged: "damaged" };
function size(bytes) { return bytes > 1e6 ? `${(bytes / 1e6).toFixed(1)} MB` : `${Math.ceil(bytes / 1e3)} KB`; }

function Files({ postId }) {
  useKept();
  const [told, setTold] = useState("");
  if (!kept.told) return null;
  const add = async (list) => {
    for (const file of list) {
      setTold(`Sending ${file.name}…`);
      const body = new FormData();
      body.append("file", file);
      body.append("post", postId);
      try {
        const media = await apiFetch({ path: "/wp/v2/media", method: "POST", body });
        const path = media.source_url.split("/wp-content/uploads/").pop();
        const files = [...kept.told.files, { path, title: media.title.raw, lang: kept.told.language }];
        kept.told = await apiFetch({ path: kept.path, method: "POST", data: { files } });
        setTold(`${file.name} is listed now.`);
        tell();
      } catch (error) { setTold(`${file.name} was not taken: ${error.message}`); }
    }
  };
  const remove = async (path) => {
    kept.told = await apiFetch({ path: kept.path, method: "POST", data: { files: kept.told.files.filter((file) => file.path !== path) } });
    tell();
  };
  return h(PluginDocumentSettingPanel, { name: "files", title: "Documents" },
    kept.told.files.length ? h("ul", null, kept.told.files.map((file) => h("li", { key: file.path },
      h("a", { href: file.url, target: "_blank", rel: "noreferrer" }, file.title || file.path), h("br"),
      `${(file.lang || "").toUpperCase()} ${size(file.size)}, ${file.there ? STATE_WORDS[file.state] ?? file.state : "the file is missing"}`, h("br"),
      file.item ? h("a", { href: `/wp-admin/upload.php?item=${file.item}`, target: "_blank", rel: "noreferrer" }, "Replace") : null, " ",
      h(Button, { variant: "link", isDestructive: true, onClick: () => remove(file.path) }, "Take off the list")))) : h("p", null, "No document is listed yet."),
    h("label", null, "Add documents ", h("input", { type: "file", multiple: true, onChange: (event) => add([...event.target.files]) })),
    h("p", { role: "status" }, told));
}

function Sharing() {
  const { title, excerpt, link, content } = useSelect((get) => {
    const of = (name) => get(editor).getEditedPostAttribute(name);
    return { title: of("title"), excerpt: of("excerpt"), link: get(editor).getPermalink(), content: get(editor).getEditedPostContent() };
  }, []);
  const summary = (excerpt || content.replace(/<[^>]*>/g, " ").replace(/\s+/g, " ").trim()).slice(0, 160);
  return h(PluginDocumentSettingPanel, { name: "sharing", title: "Search and sharing" },
    h("div", { className: "gp-preview" }, h("span", null, link), h("b", null, title || "(no title)"), h("span", null, summary || "(nothing yet)")),
    h("p", null, `Title: ${(title || "").length} characters${(title || "").length > 70 ? "; search engines cut after about 70" : ""}. Summary: ${(excerpt || "").length}${excerpt ? "" : "; the beginning of the text is taken"}.`));
}

function Checks() {
  const list = useSelect((get) => get(blockEditor).getBlocks(), []);
  const { selectBlock } = useDispatch(blockEditor);
  const found = faults(list);
  return h(PluginDocumentSettingPanel, { name: "checks", title: found.length ? `Accessibility: ${found.length} to look at` : "Accessibility" },
    found.length ? h("ul", { className: "gp-check" }, found.map((fault, at) => h("li", { key: at }, fault.text, h("br"), h(Button, { variant: "link", onClick: () => selectBlock(fault.clientId) }, "Show it")))) : h("p", null, "Nothing hinders readers, as far as this can be told: headings in order, pictures described, links that say where they lead, tables with heads."));
}

function Words() {
  const list = useSelect((get) => get(blockEditor).getBlocks(), []);
  const { selectBlock } = useDispatch(blockEditor);
  const found = hints(list);
  if (!found.length) return null;
  return h(PluginDocumentSettingPanel, { name: "words", title: `Words: ${found.length} to think over` },
    h("ul", { className: "gp-check" }, found.map((hint, at) => h("li", { key: at }, `“${hint.word}”: ${hint.say}`, h("br"), h(Button, { variant: "link", onClick: () => selectBlock(hint.clientId) }, "Show it")))),
    h("p", null, "Quotations and titles of treaties keep their words. Nothing is changed by itself."));
}

function Change() {
  useKept();
  const published = useSelect((get) => get(editor).isCurrentPostPublished(), []);
  if (!kept.told || !published) return null;
  return h(PluginDocumentSettingPanel, { name: "change", title: "What changed" },
    h(TextareaControl, { ...area, label: "For readers, shown on the page with today’s date", help: "Leave it empty for small mends.", value: kept.change, onChange: (value) => { kept.change = value; touched(); tell(); } }));
}

export function panels({ postId, postType, documents }) {
  if (documents) {
    kept.path = `/guidepost/v1/items/${postId}/record`;
    load();
    let saving = false;
    subscribe(() => {
      const store = select(editor);
      const now = store.isSavingPost() && !store.isAutosavingPost();
      if (saving && !now && store.didPostSaveRequestSucceed()) save();
      saving = now;
    }, editor);
  }
  const all = () => [
    documents ? [h(Record, { key: "record" }), h(Files, { key: "files", postId }), h(Change, { key: "change" })] : null,
    ["post", "page", "ai1ec_event"].includes(postType) ? h(Sharing, { key: "sharing" }) : null,
    h(Checks, { key: "checks" }),
    h(Words, { key: "words" }),
  ];
  registerPlugin("guidepost", { icon: null, render: all });
}
