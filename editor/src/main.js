// The block editor as the editing screen: reads what the page says, sets WordPress's packages up by it, and opens the item.
//
// What must never be here: a request to another site, a setting that the server did not send; but what leads to other sites is closed.
import "./flags.js";
import "./styles.js";
import { opened } from "./opened.js";
import { connect } from "./connect.js";
import { avatars, NOBODY } from "./avatars.js";
import { speak } from "./speak.js";
import { blocks } from "./blocks.js";
import { media } from "./media.js";
import { preferences } from "./preferences.js";
import { panels } from "./panels.js";
import { heartbeat } from "./heartbeat.js";
import { local } from "./local.js";
import { initializeEditor } from "@wordpress/edit-post";

/** The settings without what would ask Openverse for pictures, or a service for somebody's. */
function closed(settings) {
  return { ...settings, enableOpenverseMediaCategory: false, __experimentalDiscussionSettings: { avatarURL: NOBODY, ...settings.__experimentalDiscussionSettings } };
}

const page = opened();
speak(page);
connect(page);
avatars();
blocks();
media();
panels(page);
heartbeat(page);
await preferences();
initializeEditor("editor", page.postType, page.postId, closed(page.settings), {});
local(page);
