// Tells the server now and then what is being edited, and hears whether somebody else has taken over or the session has ended.
//
// What must never be here: anything that touches the text. It stays as it was typed, session or not.
import apiFetch from "@wordpress/api-fetch";
import { dispatch } from "@wordpress/data";
import { doAction } from "@wordpress/hooks";
import { store as notices } from "@wordpress/notices";

const EVERY = 15_000;
const ENDED = "guidepost-session-ended";

export function heartbeat({ heartbeat: address, nonceAddress }) {
  let ended = false;
  let underway = false;

  const beat = async () => {
    if (underway) return;
    underway = true;
    try {
      const told = (await send(address)) ?? ((await renew(nonceAddress)) ? await send(address) : null);
      if (told) hear(told);
      else end();
    } catch {
      // No network: the next beat tries again, and what is typed stays.
    } finally {
      underway = false;
    }
  };
  const hear = (told) => {
    if (told.rest_nonce) apiFetch.nonceMiddleware.nonce = told.rest_nonce;
    if (told["wp-auth-check"] === false) return end();
    if (ended) begin();
    doAction("heartbeat.tick", told);
  };
  const end = () => {
    if (ended) return;
    ended = true;
    dispatch(notices).createErrorNotice("Your session has ended. What you typed is still here: sign in again in another window, then save.", {
      id: ENDED,
      isDismissible: false,
      actions: [{ label: "Sign in", url: "/wp-login.php", openInNewTab: true }],
    });
  };
  const begin = () => {
    ended = false;
    dispatch(notices).removeNotice(ENDED);
    dispatch(notices).createSuccessNotice("You are signed in again. You can save now.", { type: "snackbar" });
  };
  setInterval(beat, EVERY);
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && beat());
}

/** One beat. Null when the server does not know who this is; throws when it cannot be reached or has a fault of its own. */
async function send(address) {
  const data = {};
  doAction("heartbeat.send", data);
  const form = new URLSearchParams({ action: "heartbeat", _nonce: apiFetch.nonceMiddleware.nonce, interval: String(EVERY / 1000), has_focus: String(document.hasFocus()) });
  for (const [name, value] of fields("data", data)) form.set(name, value);
  const answer = await fetch(address, { method: "POST", body: form, credentials: "same-origin" });
  if (answer.status >= 500) throw new Error(`status ${answer.status}`);
  const type = answer.headers.get("content-type") ?? "";
  return answer.ok && type.includes("json") ? answer.json() : null;
}

/** A fresh nonce, where there is a session: somebody may have signed in again in another window. */
async function renew(nonceAddress) {
  const answer = await fetch(nonceAddress, { credentials: "same-origin" });
  if (answer.status >= 500) throw new Error(`status ${answer.status}`);
  if (!answer.ok || answer.redirected) return false;
  apiFetch.nonceMiddleware.nonce = (await answer.text()).trim();
  return true;
}

/** Values within values, as a form says them: `data[wp-refresh-post-lock][lock]`. */
function fields(name, value) {
  if (value === null || value === undefined) return [];
  if (typeof value !== "object") return [[name, String(value)]];
  return Object.entries(value).flatMap(([key, inner]) => fields(`${name}[${key}]`, inner));
}
