// How somebody likes the editor, kept on their device. The guide with pictures of another site is never shown.
import { dispatch } from "@wordpress/data";
import { store } from "@wordpress/preferences";

const KEY = "guidepost-editor";

export async function preferences() {
  const { set, setPersistenceLayer } = dispatch(store);
  await setPersistenceLayer({
    get: async () => {
      try { return JSON.parse(localStorage.getItem(KEY)) ?? {}; } catch { return {}; }
    },
    set: (values) => {
      try { localStorage.setItem(KEY, JSON.stringify(values)); } catch { /* no room: it is as it was next time */ }
    },
  });
  for (const scope of ["core/edit-post", "core/edit-site", "core"]) {
    for (const guide of ["welcomeGuide", "welcomeGuideTemplate", "welcomeGuideStyles", "welcomeGuidePage"]) set(scope, guide, false);
  }
  set("core", "enableChoosePatternModal", false);
  set("core/edit-post", "fullscreenMode", true);
}
