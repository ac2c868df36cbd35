// Tells the server now and then what is being edited, and hears whether somebody else has taken over or the session has ended.
import apiFetch from "@wordpress/api-fetch";
import { dispatch } from "@wordpress/data";
import { applyFilters, doAction } from "@wordpress/hooks";
import { store as notices } from "@wordpress/notices";

const EVERY = 15_000;
const ENDED = "guidepost-session-ended";

export function heartbeat({ heartbeat: address }) {
  let ended = false;
  const beat = async () => {
    const data = {};
    doAction("heartbeat.send", data);
    const form = new URLSearchParams({ action: "heartbeat", _nonce: apiFetch.nonceMiddleware.nonce, interval: "15", has_focus: String(document.hasFocus()) });
    for (const [what, values] of Object.entries(applyFilters("guidepost.heartbeat", data))) {
      for (const [name, value] of Object.entries(values ?? {})) form.set(`data[${what}][${name}]`, value);
    }
    let answer;
    try {
      answer = await fetch(address, { method: "POST", body: form, credentials: "same-origin" });
    } catch {
      return; // No network: the next beat tries again, and what is typed stays.
    }
    const type = answer.headers.get("content-type") ?? "";
    if (!answer.ok || !type.includes("json")) {
      if (answer.status === 403 || answer.status === 400 || answer.redirected) tellEnded();
      return;
    }
    const told = await answer.json();
    if (told.rest_nonce) apiFetch.nonceMiddleware.nonce = told.rest_nonce;
    if (ended) {
      ended = false;
      dispatch(notices).removeNotice(ENDED);
    }
    doAction("heartbeat.tick", told);
  };
  const tellEnded = () => {
    ended = true;
    dispatch(notices).createErrorNotice("Your session has ended. What you typed is still here: sign in again in another window, then save.", {
      id: ENDED,
      isDismissible: false,
      actions: [{ label: "Sign in", url: "/wp-login.php", openInNewTab: true }],
    });
  };
  setInterval(beat, EVERY);
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && beat());
}
