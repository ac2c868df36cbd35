// Which blocks there are: WordPress's, but for those that need what this site does not have.
import { addFilter } from "@wordpress/hooks";
import { setFreeformContentHandlerName, setUnregisteredTypeHandlerName } from "@wordpress/blocks";
import domReady from "@wordpress/dom-ready";

// Examples in WordPress's blocks show pictures of other sites.
const foreign = (value) => typeof value === "string" && /^https?:\/\//.test(value);
function withoutForeign(value) {
  if (Array.isArray(value)) return value.map(withoutForeign);
  if (value && typeof value === "object") {
    return Object.fromEntries(Object.entries(value).filter(([, v]) => !foreign(v)).map(([name, v]) => [name, withoutForeign(v)]));
  }
  return value;
}

export function blocks() {
  addFilter("blocks.registerBlockType", "guidepost/examples", (settings, name) => {
    if (settings.example) settings = { ...settings, example: withoutForeign(settings.example) };
    if (name === "core/freeform") settings = { ...settings, supports: { ...settings.supports, inserter: false } };
    return settings;
  });
  // Text without block marks is kept as it is, as HTML; so are blocks that nobody knows.
  domReady(() => {
    setFreeformContentHandlerName("core/html");
    setUnregisteredTypeHandlerName("core/missing");
  });
}
