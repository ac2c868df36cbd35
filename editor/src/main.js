// The block editor as the editing screen: reads what the page says, sets WordPress's packages up by it, and opens the item.
//
// What must never be here: a request to another site, a setting that the server did not send.
import "./flags.js";
import "./styles.js";
import { opened } from "./opened.js";
import { connect } from "./connect.js";
import { speak } from "./speak.js";
import { blocks } from "./blocks.js";
import { media } from "./media.js";
import { preferences } from "./preferences.js";
import { panels } from "./panels.js";
import { heartbeat } from "./heartbeat.js";
import { initializeEditor } from "@wordpress/edit-post";

const page = opened();
speak(page);
connect(page);
blocks();
media();
panels(page);
heartbeat(page);
await preferences();
initializeEditor("editor", page.postType, page.postId, page.settings, {});
