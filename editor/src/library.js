// The library of files in a window: to look for files, to send new ones, to say what a picture shows.
//
// What must never be here: a file of another site.
import apiFetch from "@wordpress/api-fetch";
import { Button, Modal, SearchControl, SelectControl, Spinner, TextControl } from "@wordpress/components";
import { mediaUpload } from "@wordpress/editor";
import { createElement as h, useEffect, useRef, useState } from "@wordpress/element";
import { addQueryArgs } from "@wordpress/url";

const PER_PAGE = 40;
const KINDS = [["", "Everything"], ["image", "Pictures"], ["application", "Documents"], ["text", "Plain texts"], ["audio", "Sound"], ["video", "Films"]];
const field = { __nextHasNoMarginBottom: true, __next40pxDefaultSize: true };
const isPicture = (file) => Boolean(file.mime_type?.startsWith("image/"));

/** The kinds that a block takes, `image/png` and `image` alike. None: it takes everything. */
function kindsFor(allowedTypes) {
  const taken = new Set((allowedTypes ?? []).map((type) => type.split("/")[0]));
  const kinds = KINDS.filter(([kind]) => taken.has(kind));
  return kinds.length ? kinds : KINDS;
}

/** A page of files, and whether there are more. */
async function ask(words, kind, page) {
  const path = addQueryArgs("/wp/v2/media", { context: "edit", per_page: PER_PAGE, page, search: words || undefined, media_type: kind || undefined });
  const answer = await apiFetch({ path, parse: false });
  return { files: await answer.json(), more: page < Number(answer.headers.get("X-WP-TotalPages")) };
}

/** The files that fit, further pages when they are asked for. */
function useFiles(words, kind) {
  const [found, setFound] = useState({ files: null, more: false, page: 1, fault: "" });
  const turn = useRef(0);
  const load = async (page) => {
    const mine = (turn.current += 1);
    try {
      const { files, more } = await ask(words, kind, page);
      // Answers may overtake each other; only the newest question counts.
      if (mine === turn.current) setFound((before) => ({ files: page > 1 ? [...before.files, ...files] : files, more, page, fault: "" }));
    } catch (error) {
      const fault = error.message ?? "The server did not answer.";
      if (mine === turn.current) setFound((before) => ({ ...before, files: before.files ?? [], fault }));
    }
  };
  useEffect(() => {
    const wait = setTimeout(() => load(1), words ? 300 : 0);
    return () => clearTimeout(wait);
  }, [words, kind]);
  const change = (id, changed) => setFound((before) => ({ ...before, files: before.files.map((file) => (file.id === id ? { ...file, ...changed } : file)) }));
  return { ...found, next: () => load(found.page + 1), again: () => load(1), change };
}

/** A file of the API as blocks know it. */
function known(file) {
  const { media_details: details = {} } = file;
  const sizes = Object.fromEntries(Object.entries(details.sizes ?? {}).map(([name, size]) => [name, { url: size.source_url, width: size.width, height: size.height }]));
  return {
    id: file.id,
    url: file.source_url,
    link: file.link,
    alt: file.alt_text ?? "",
    caption: file.caption?.raw ?? "",
    title: file.title?.raw ?? "",
    mime: file.mime_type,
    type: (file.mime_type ?? "").split("/")[0],
    filename: nameOf(file),
    filesizeInBytes: details.filesize,
    width: details.width,
    height: details.height,
    sizes,
    media_details: details,
  };
}

const nameOf = (file) => (file.source_url ?? "").split("/").pop();

function File({ file, picked, onPick }) {
  const small = file.media_details?.sizes?.thumbnail?.source_url ?? file.source_url;
  return h("button", { type: "button", "aria-pressed": picked, onClick: onPick },
    isPicture(file) ? h("img", { src: small, alt: "", loading: "lazy" }) : h("i", { "aria-hidden": true }, nameOf(file).split(".").pop()),
    h("span", null, file.title?.raw || nameOf(file)));
}

/** What a picture shows, for who cannot see it; kept with the picture. */
function Alternative({ file, onChange, onFault }) {
  const keep = () => apiFetch({ path: `/wp/v2/media/${file.id}`, method: "POST", data: { alt_text: file.alt_text } }).catch((error) => onFault(`The text was not kept: ${error.message}`));
  return h(TextControl, { ...field, label: "Text instead of the picture, for who cannot see it", value: file.alt_text ?? "", onChange: (alt_text) => onChange({ alt_text }), onBlur: keep });
}

/** Sends files, as files of the item that is edited: they are seen by whom it is seen. */
function Sender({ accept, multiple, allowedTypes, onDone, onTold }) {
  const send = (list) => {
    onTold("Sending …");
    mediaUpload({
      allowedTypes, multiple, filesList: list,
      onFileChange: (files) => files.length && files.every((file) => file?.id) && onDone(files.map((file) => file.id)),
      onError: (error) => onTold(String(error.message ?? error)),
    });
  };
  return h("label", { className: "gp-send" }, multiple ? "Add files" : "Add a file",
    h("input", { type: "file", multiple, accept, onChange: (event) => event.target.files.length && send(event.target.files) }));
}

export function Library({ allowedTypes, multiple, value, onSelect, onClose }) {
  const kinds = kindsFor(allowedTypes);
  const [words, setWords] = useState("");
  const [kind, setKind] = useState(kinds[0][0]);
  const [ids, setIds] = useState([value].flat().filter(Boolean));
  const [told, setTold] = useState("");
  const { files, more, fault, next, again, change } = useFiles(words, kind);
  const chosen = (files ?? []).filter((file) => ids.includes(file.id)).sort((a, b) => ids.indexOf(a.id) - ids.indexOf(b.id));
  const pick = (id) => setIds((before) => (before.includes(id) ? before.filter((one) => one !== id) : multiple ? [...before, id] : [id]));
  const sent = (added) => {
    setIds((before) => (multiple ? [...before, ...added] : added.slice(-1)));
    setTold(added.length > 1 ? `${added.length} files are in the library now.` : "The file is in the library now.");
    again();
  };
  const use = () => {
    const taken = chosen.map(known);
    onSelect(multiple ? taken : taken[0]);
    onClose();
  };
  const one = chosen.length === 1 && isPicture(chosen[0]) ? chosen[0] : null;
  return h(Modal, { title: "Files of the library", onRequestClose: onClose, size: "large", className: "gp-library" },
    h("div", { className: "gp-library-tools" },
      h(SearchControl, { ...field, value: words, onChange: setWords, label: "Search files", placeholder: "Search files" }),
      kinds.length > 1 ? h(SelectControl, { ...field, label: "Kind of file", hideLabelFromVision: true, value: kind, options: kinds.map(([value, label]) => ({ value, label })), onChange: setKind }) : null,
      h(Sender, { multiple, allowedTypes, accept: allowedTypes?.map((type) => (type.includes("/") ? type : `${type}/*`)).join(","), onDone: sent, onTold: setTold })),
    h("p", { role: "status" }, fault || told),
    files === null ? h(Spinner) : h("div", { className: "gp-grid" }, files.map((file) => h(File, { key: file.id, file, picked: ids.includes(file.id), onPick: () => pick(file.id) }))),
    files?.length === 0 && !fault ? h("p", null, "No file fits. Try fewer words or another kind, or add one above.") : null,
    more ? h(Button, { variant: "link", onClick: next }, "Show more files") : null,
    one ? h(Alternative, { file: one, onChange: (changed) => change(one.id, changed), onFault: setTold }) : null,
    h("div", { className: "gp-library-end" },
      h(Button, { variant: "primary", __next40pxDefaultSize: true, disabled: chosen.length === 0, accessibleWhenDisabled: true, onClick: use }, chosen.length > 1 ? `Use ${chosen.length} files` : "Use this file"),
      h(Button, { variant: "tertiary", __next40pxDefaultSize: true, onClick: onClose }, "Cancel")));
}
