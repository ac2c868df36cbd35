// How blocks come to a file of the library: by a window of our own, which asks the API only.
import { createElement as h, useState } from "@wordpress/element";
import { addFilter } from "@wordpress/hooks";
import { Library } from "./library.js";

function MediaUpload({ allowedTypes, multiple, gallery, value, onSelect, onClose, render }) {
  const [open, setOpen] = useState(false);
  const close = () => { setOpen(false); onClose?.(); };
  return [
    render({ open: () => setOpen(true) }),
    open ? h(Library, { key: "library", allowedTypes, multiple: Boolean(multiple || gallery), value, onSelect, onClose: close }) : null,
  ];
}

export function media() {
  addFilter("editor.MediaUpload", "guidepost/media", () => MediaUpload);
}
