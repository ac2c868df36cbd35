// A copy on the device of what could not be saved, offered again at the next opening.
//
// WordPress's own backup lives as long as its window does; this one outlives it, and is kept only once a save has failed.
// What must never be here: a copy that is offered to somebody else, or put into the text without being asked for.
import { parse } from "@wordpress/blocks";
import { store as core } from "@wordpress/core-data";
import { dispatch, select, subscribe } from "@wordpress/data";
import { dateI18n, getSettings } from "@wordpress/date";
import { store as editor } from "@wordpress/editor";
import { store as notices } from "@wordpress/notices";

const PREFIX = "guidepost-unsaved-";
const KEPT = "guidepost-kept";
const OFFERED = "guidepost-offered";
const EVERY = 3_000;
const LONGEST = 30 * 24 * 60 * 60 * 1000;
const PARTS = ["title", "content", "excerpt"];

export function local({ postId }) {
  const key = PREFIX + postId;
  forgetOld();
  const copy = read(key);
  if (copy) offer(key, copy);

  let saving = false;
  let failed = false;
  const keep = () => failed && select(editor).isEditedPostDirty() && write(key);
  subscribe(() => {
    const store = select(editor);
    const now = store.isSavingPost();
    if (saving && !now) {
      if (store.didPostSaveRequestFail()) {
        failed = true;
        if (keep()) dispatch(notices).createInfoNotice("What you typed is kept on this device until it is saved.", { id: KEPT });
      } else if (!store.isAutosavingPost() && store.didPostSaveRequestSucceed() && !store.isEditedPostDirty()) {
        failed = false;
        forget(key);
      }
    }
    saving = now;
  }, editor);
  setInterval(keep, EVERY);
  addEventListener("pagehide", keep);
}

/** Asks, once the text is there, whether the copy shall take its place. */
function offer(key, copy) {
  // The window's own backup is of the same text and not newer: one question is enough.
  forgetBackup(key.slice(PREFIX.length));
  const stop = subscribe(() => {
    const [me, post] = [select(core).getCurrentUser(), select(editor).getCurrentPost()];
    if (!me?.id || !post?.id) return;
    stop();
    if (copy.user !== me.id) return;
    if (PARTS.every((part) => copy[part] === text(part))) return forget(key);
    const when = dateI18n(getSettings().formats.datetime, copy.at);
    const since = post.modified_gmt !== copy.modified ? " The text was saved again since." : " It is newer than the text below.";
    dispatch(notices).createWarningNotice(`A copy of this text that was not saved is kept on this device, from ${when}.${since}`, {
      id: OFFERED,
      isDismissible: false,
      actions: [
        { label: "Show the copy", onClick: () => restore(copy) },
        { label: "Throw it away", onClick: () => forget(key) },
      ],
    });
  });
}

/** The copy as the text, unsaved: it can be undone, and it stays on the device until it is saved. */
function restore({ title, content, excerpt }) {
  dispatch(editor).editPost({ title, excerpt });
  dispatch(editor).resetEditorBlocks(parse(content));
  dispatch(notices).removeNotice(OFFERED);
}

const text = (part) => (part === "content" ? select(editor).getEditedPostContent() : select(editor).getEditedPostAttribute(part)) ?? "";

function read(key) {
  try { return JSON.parse(localStorage.getItem(key)); } catch { return null; }
}

function write(key) {
  const { modified_gmt: modified } = select(editor).getCurrentPost();
  const user = select(core).getCurrentUser()?.id;
  try {
    localStorage.setItem(key, JSON.stringify({ ...Object.fromEntries(PARTS.map((part) => [part, text(part)])), user, modified, at: new Date().toISOString() }));
    return true;
  } catch {
    return false; // No room, or no leave to: the window's own backup is what there is.
  }
}

function forget(key) {
  try { localStorage.removeItem(key); } catch { /* there was no leave to keep it either */ }
  for (const id of [KEPT, OFFERED]) dispatch(notices).removeNotice(id);
}

function forgetBackup(postId) {
  try { sessionStorage.removeItem(`wp-autosave-block-editor-post-${postId}`); } catch { /* then there is none */ }
}

/** Copies of long ago, of whatever item. */
function forgetOld() {
  try {
    for (const key of Object.keys(localStorage).filter((name) => name.startsWith(PREFIX))) {
      if (!(Date.parse(read(key)?.at) > Date.now() - LONGEST)) localStorage.removeItem(key);
    }
  } catch { /* nothing can be kept here */ }
}
