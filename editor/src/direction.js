// The frame of the text is read the way the language of the item is, whatever the language of the site.
const FROM_THE_RIGHT = new Set(["ar", "arc", "ckb", "dv", "fa", "he", "ks", "ps", "sd", "ug", "ur", "yi"]);

let language = "";

function apply() {
  const root = document.querySelector("iframe[name=editor-canvas]")?.contentDocument?.documentElement;
  if (!root || !language) return;
  root.lang = language;
  root.dir = FROM_THE_RIGHT.has(language.split("-")[0].toLowerCase()) ? "rtl" : "ltr";
}

/** To be called when the language of the item is known, and each time it is changed; empty leaves the frame as the site has it. */
export function written(inLanguage) {
  language = inLanguage;
  apply();
}

// The frame is made anew when somebody looks at another size of it, and for each template. The editor then gives it the side of the
// site, after whoever listens here: hence a moment later.
document.addEventListener("load", (event) => event.target.name === "editor-canvas" && setTimeout(apply), true);
