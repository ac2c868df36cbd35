// The documents of an item: which are listed on its page, in what language, and what became of reading them.
//
// A list is kept at once, not when the text is saved: other people see the same list.
import apiFetch from "@wordpress/api-fetch";
import { Button, TextControl } from "@wordpress/components";
import { dispatch } from "@wordpress/data";
import { PluginDocumentSettingPanel } from "@wordpress/editor";
import { createElement as h, useState } from "@wordpress/element";
import { store as notices } from "@wordpress/notices";
import { kept, tell, useKept } from "./record.js";

const STATES = { text: "can be searched", unread: "not read yet", scanned: "scanned: no text in it", locked: "locked by a password", damaged: "damaged", toobig: "too big to be read" };
const line = { __nextHasNoMarginBottom: true, __next40pxDefaultSize: true, className: "gp-field" };

function size(bytes) {
  return bytes >= 999_500 ? `${(bytes / 1e6).toFixed(1)} MB` : `${Math.ceil(bytes / 1e3)} KB`;
}

const nameOf = (file) => file.title || file.path.split("/").pop();

function facts(file) {
  const state = STATES[file.state] ?? file.state;
  const read = file.reason && file.state !== "text" ? `${state}: ${file.reason}` : state;
  const there = file.there ? [size(file.size), file.pages ? `${file.pages} ${file.pages === 1 ? "page" : "pages"}` : "", read] : ["the file is missing"];
  return [(file.lang || "").toUpperCase(), ...there].filter(Boolean).join(", ");
}

async function list(files) {
  kept.told = await apiFetch({ path: kept.path, method: "POST", data: { files } });
  tell();
}

async function add(file, postId) {
  const body = new FormData();
  body.append("file", file);
  body.append("post", postId);
  const media = await apiFetch({ path: "/wp/v2/media", method: "POST", body });
  const path = media.source_url.split("/wp-content/uploads/").pop();
  await list([...kept.told.files, { path, title: media.title.raw, lang: kept.told.language }]);
}

/** Other bytes of the same kind; every address of the file stays. */
async function replace(file, bytes) {
  const body = new FormData();
  body.append("file", bytes);
  await apiFetch({ path: `/guidepost/v1/media/${file.item}/file`, method: "POST", body });
  kept.told = await apiFetch({ path: kept.path });
  tell();
}

async function remove(file) {
  const before = kept.told.files;
  await list(before.filter((one) => one.path !== file.path));
  dispatch(notices).createInfoNotice(`${nameOf(file)} was taken off the list. The file itself is still in the library.`, { type: "snackbar", actions: [{ label: "Undo", onClick: () => list(before) }] });
}

function Naming({ file, onDone }) {
  const [title, setTitle] = useState(file.title);
  const [lang, setLang] = useState(file.lang);
  const keep = () => onDone(list(kept.told.files.map((one) => (one.path === file.path ? { ...one, title, lang } : one))), `${title || file.path} is kept.`);
  return h("div", { className: "gp-naming" },
    h(TextControl, { ...line, label: "Title of the document", value: title, onChange: setTitle }),
    h(TextControl, { ...line, label: "Language of the document", help: "en, fr, ar …", value: lang, onChange: setLang }),
    h(Button, { variant: "secondary", size: "compact", onClick: keep }, "Keep"));
}

function One({ file, doing }) {
  const [open, setOpen] = useState(false);
  const [bytes] = useState(() => ({ input: null }));
  const done = (promise, said) => doing(promise.then(() => setOpen(false)), said, nameOf(file));
  return h("li", null,
    h("a", { href: file.url, target: "_blank", rel: "noreferrer", dir: "auto", hrefLang: file.lang || undefined }, nameOf(file)),
    h("span", null, facts(file)),
    h("span", { className: "gp-acts" },
      h(Button, { variant: "link", "aria-expanded": open, onClick: () => setOpen(!open) }, "Title and language"),
      file.item ? h(Button, { variant: "link", onClick: () => bytes.input.click() }, "Replace") : null,
      h(Button, { variant: "link", isDestructive: true, onClick: () => doing(remove(file), "", nameOf(file)) }, "Take off the list")),
    file.item ? h("input", { type: "file", hidden: true, ref: (input) => { bytes.input = input; }, onChange: (event) => event.target.files.length && doing(replace(file, event.target.files[0]), `${nameOf(file)} has other bytes now, at the same addresses.`, nameOf(file)) }) : null,
    open ? h(Naming, { file, onDone: done }) : null);
}

export function Files({ postId }) {
  useKept();
  const [told, setTold] = useState("");
  if (!kept.told) return null;
  const doing = async (promise, said, name) => {
    setTold("Working …");
    try { await promise; setTold(said); } catch (error) { setTold(`${name}: nothing was changed. ${error.message}`); }
  };
  const send = async (files) => {
    for (const file of files) await doing(add(file, postId), `${file.name} is listed now.`, file.name);
  };
  return h(PluginDocumentSettingPanel, { name: "files", title: "Documents" },
    kept.told.files.length ? h("ul", { className: "gp-files" }, kept.told.files.map((file) => h(One, { key: file.path, file, doing }))) : h("p", null, "No document is listed yet."),
    h("label", { className: "gp-send" }, "Add documents", h("input", { type: "file", multiple: true, onChange: (event) => send([...event.target.files]) })),
    h("p", { role: "status" }, told));
}
