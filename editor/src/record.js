// The record of a document beside its text: what is known of the publication, and what changed, for readers.
//
// It is kept by an address of its own, `guidepost/v1/items/ID/record`, and saved after the text was. What must never be here: a fact
// that is sent although nobody changed it.
import apiFetch from "@wordpress/api-fetch";
import { SelectControl, TextControl, TextareaControl } from "@wordpress/components";
import { dispatch, select, subscribe, useSelect } from "@wordpress/data";
import { PluginDocumentSettingPanel, store as editor } from "@wordpress/editor";
import { createElement as h, useEffect, useState } from "@wordpress/element";
import { store as notices } from "@wordpress/notices";
import { written } from "./direction.js";

const LINES = [["issued", "Issued: year, month or day"], ["symbol", "Symbol"], ["series", "Series"], ["original", "Original language"], ["licence", "Licence"], ["superseded_by", "Replaced by (end of its address)"], ["withdrawn_reason", "Why it was withdrawn"]];
const LISTS = [["publisher", "Publishers, one in each line"], ["audience", "Written for, one in each line"]];
const STATES = [["", "Nothing is said"], ["in force", "In force"], ["draft", "Draft"], ["superseded", "Replaced"], ["withdrawn", "Withdrawn"]];
const READERS = [["change", "Readers, on the page with today’s date"], ["internal_change", "Colleagues, in the editing room only"]];
const DATE = /^(\d{4}(-\d{2}(-\d{2})?)?)?$/;
const line = { __nextHasNoMarginBottom: true, __next40pxDefaultSize: true, className: "gp-field" };
const area = { __nextHasNoMarginBottom: true, className: "gp-field", rows: 2 };

// What is typed of the record, kept outside of React until the text is saved with it.
export const kept = { path: "", told: null, changed: {}, language: null, change: "", reader: "change", listeners: new Set() };
const nothing = () => ({ changed: {}, language: null, change: "" });
export function tell() {
  written(language());
  for (const listener of kept.listeners) listener();
}
export function useKept() {
  const [, again] = useState(0);
  useEffect(() => { const listener = () => again((n) => n + 1); kept.listeners.add(listener); return () => kept.listeners.delete(listener); }, []);
  return kept;
}

/** The language of the text; empty when it is the site's. */
export const language = () => kept.language ?? kept.told?.language ?? "";

/** Reads the record, and saves it whenever the text was saved. */
export function record(postId) {
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

async function load() {
  try { kept.told = await apiFetch({ path: kept.path }); } catch { kept.told = null; }
  tell();
}

async function save() {
  const data = {};
  if (Object.keys(kept.changed).length) data.record = kept.changed;
  if (kept.language !== null) data.language = kept.language;
  if (kept.change.trim()) data[kept.reader] = kept.change;
  if (!Object.keys(data).length) return;
  const sent = { changed: kept.changed, language: kept.language, change: kept.change };
  Object.assign(kept, nothing());
  try {
    kept.told = await apiFetch({ path: kept.path, method: "POST", data });
  } catch (error) {
    // What was typed meanwhile is newer than what was sent.
    Object.assign(kept, { changed: { ...sent.changed, ...kept.changed }, language: kept.language ?? sent.language, change: kept.change || sent.change });
    touched();
    dispatch(notices).createErrorNotice(`The text was saved, its record was not: ${why(error)} What you typed is still in the panel.`, { id: "guidepost-record" });
  }
  tell();
}

/** What the server says of a record that it does not take: of each fact, where it says so. */
function why(error) {
  const facts = Object.values(error.data?.params ?? {});
  const said = facts.length ? facts.join(" ") : error.message ?? "The server did not answer.";
  return /[.!?]$/.test(said) ? said : `${said}.`;
}

/** Typing in a panel makes the item one that is to be saved. */
function touched() {
  dispatch(editor).editPost({ guidepost_touched: Date.now() });
}

const shown = (value) => (Array.isArray(value) ? value.join("\n") : value ?? "");
const fact = (name) => shown(name in kept.changed ? kept.changed[name] : kept.told?.record?.[name]);
const set = (name, value) => { kept.changed[name] = value; touched(); tell(); };
const put = (name, value) => { kept[name] = value; touched(); tell(); };
const choices = (list) => list.map(([value, label]) => ({ value, label }));
const help = (name) => (name === "issued" && !DATE.test(fact(name).trim()) ? "This is no date that can be kept. Write 2019, 2019-05 or 2019-05-17." : undefined);

export function Record() {
  useKept();
  if (!kept.told) return null;
  return h(PluginDocumentSettingPanel, { name: "record", title: "Document record" },
    h(SelectControl, { ...line, label: "Status", value: fact("status"), options: choices(STATES), onChange: (value) => set("status", value) }),
    LISTS.map(([name, label]) => h(TextareaControl, { ...area, key: name, label, value: fact(name), onChange: (value) => set(name, value.split("\n")) })),
    LINES.map(([name, label]) => h(TextControl, { ...line, key: name, label, value: fact(name), help: help(name), onChange: (value) => set(name, value) })),
    h(TextControl, { ...line, label: "Language of this page", help: "en, fr, ar …; empty: the language of the site", value: language(), onChange: (value) => put("language", value) }));
}

export function Change() {
  useKept();
  const published = useSelect((get) => get(editor).isCurrentPostPublished(), []);
  if (!kept.told || !published) return null;
  // Notes for colleagues are offered where the server says that it keeps them.
  const both = Array.isArray(kept.told.internal_changes);
  return h(PluginDocumentSettingPanel, { name: "change", title: "What changed" },
    both ? h(SelectControl, { ...line, label: "Who reads it", value: kept.reader, options: choices(READERS), onChange: (value) => put("reader", value) }) : null,
    h(TextareaControl, { ...area, label: both ? "Note" : "For readers, shown on the page with today’s date", help: "Leave it empty for small mends.", value: kept.change, onChange: (value) => put("change", value) }));
}
