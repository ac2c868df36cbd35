// The library of files in a window: to look for one, to send a new one. Asks the API only.
import apiFetch from "@wordpress/api-fetch";
import { Button, Modal, SearchControl, Spinner, TextControl } from "@wordpress/components";
import { createElement as h, useEffect, useState } from "@wordpress/element";
import { addFilter } from "@wordpress/hooks";
import { uploadMedia } from "@wordpress/media-utils";
import { addQueryArgs } from "@wordpress/url";

const PER_PAGE = 40;

/** A file of the API as blocks know it. */
function known(media) {
  const sizes = Object.fromEntries(Object.entries(media.media_details?.sizes ?? {}).map(([name, size]) => [name, { url: size.source_url, width: size.width, height: size.height }]));
  return {
    id: media.id,
    url: media.source_url,
    link: media.link,
    alt: media.alt_text ?? "",
    caption: media.caption?.raw ?? "",
    title: media.title?.raw ?? "",
    mime: media.mime_type,
    type: (media.mime_type ?? "").split("/")[0],
    filename: (media.source_url ?? "").split("/").pop(),
    filesizeInBytes: media.media_details?.filesize,
    width: media.media_details?.width,
    height: media.media_details?.height,
    sizes,
    media_details: media.media_details,
  };
}

function Library({ allowedTypes, multiple, value, onSelect, onClose }) {
  const [words, setWords] = useState("");
  const [found, setFound] = useState(null);
  const [picked, setPicked] = useState([]);
  const [told, setTold] = useState("");
  const type = allowedTypes?.length === 1 && allowedTypes[0] === "image" ? "image" : undefined;
  const load = () => {
    const path = addQueryArgs("/wp/v2/media", { context: "edit", per_page: PER_PAGE, search: words || undefined, media_type: type });
    apiFetch({ path }).then(setFound, (error) => { setFound([]); setTold(error.message); });
  };
  useEffect(() => { const wait = setTimeout(load, words ? 300 : 0); return () => clearTimeout(wait); }, [words]);
  const pick = (media) => setPicked((before) => (multiple ? (before.includes(media) ? before.filter((m) => m !== media) : [...before, media]) : [media]));
  const send = (files) => {
    setTold("Sending…");
    uploadMedia({
      allowedTypes,
      filesList: files,
      onFileChange: (list) => {
        if (list.every((media) => media?.id)) { setTold("The file is in the library now."); load(); }
      },
      onError: (error) => setTold(error.message ?? String(error)),
    });
  };
  const use = () => {
    const chosen = picked.map(known);
    onSelect(multiple ? chosen : chosen[0]);
    onClose();
  };
  const one = picked.length === 1 && picked[0].mime_type?.startsWith("image/") ? picked[0] : null;
  return h(Modal, { title: "Files of the library", onRequestClose: onClose, size: "large" },
    h(SearchControl, { value: words, onChange: setWords, label: "Search files", __nextHasNoMarginBottom: true }),
    h("label", { className: "gp-field" }, "Add a file ", h("input", { type: "file", multiple: Boolean(multiple), accept: type ? "image/*" : undefined, onChange: (event) => send(event.target.files) })),
    h("p", { role: "status" }, told),
    found === null ? h(Spinner) : h("div", { className: "gp-grid" },
      found.map((media) => h("button", { key: media.id, type: "button", "aria-pressed": picked.includes(media), onClick: () => pick(media) },
        media.mime_type?.startsWith("image/") ? h("img", { src: media.media_details?.sizes?.thumbnail?.source_url ?? media.source_url, alt: "", loading: "lazy" }) : null,
        h("span", null, media.title?.raw || media.slug)))),
    found?.length === 0 ? h("p", null, "No file fits. Try fewer words, or add one above.") : null,
    one ? h(TextControl, { label: "Text instead of the picture, for who cannot see it", value: one.alt_text ?? "", __nextHasNoMarginBottom: true, __next40pxDefaultSize: true,
      onChange: (alt_text) => {
        const changed = { ...one, alt_text };
        setPicked([changed]);
        setFound((list) => list.map((media) => (media.id === one.id ? changed : media)));
      },
      onBlur: () => apiFetch({ path: `/wp/v2/media/${one.id}`, method: "POST", data: { alt_text: one.alt_text } }) }) : null,
    h(Button, { variant: "primary", disabled: picked.length === 0, accessibleWhenDisabled: true, onClick: use }, picked.length > 1 ? `Use ${picked.length} files` : "Use this file"));
}

function MediaUpload({ allowedTypes, multiple, gallery, value, onSelect, onClose, render }) {
  const [open, setOpen] = useState(false);
  const close = () => { setOpen(false); onClose?.(); };
  return [
    render({ open: () => setOpen(true) }),
    open ? h(Library, { key: "library", allowedTypes, multiple: multiple || gallery, value, onSelect, onClose: close }) : null,
  ];
}

export function media() {
  addFilter("editor.MediaUpload", "guidepost/media", () => MediaUpload);
}
