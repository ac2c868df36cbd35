// How an item is shown elsewhere: by a search engine, and in a message that somebody sends.
import { store as core } from "@wordpress/core-data";
import { useSelect } from "@wordpress/data";
import { PluginDocumentSettingPanel, store as editor } from "@wordpress/editor";
import { createElement as h } from "@wordpress/element";
import { safeDecodeURI } from "@wordpress/url";

// What search engines and messengers show before they cut, in characters; they count pixels, so this is about right only.
const TITLE = 60;
const SUMMARY = 155;
const MESSAGE = 80;

/** A text that is too long, cut between words as they do. */
function cut(text, most) {
  const signs = [...text];
  if (signs.length <= most) return text;
  const begun = signs.slice(0, most).join("");
  return `${begun.slice(0, begun.lastIndexOf(" ") > most / 2 ? begun.lastIndexOf(" ") : undefined)} …`;
}

const plain = (html) => html.replace(/<!--[^]*?-->|<[^>]*>/g, " ").replace(/&nbsp;/g, " ").replace(/\s+/g, " ").trim();

function length(name, text, most, empty) {
  const signs = [...text].length;
  if (!signs) return `${name}: ${empty}`;
  return `${name}: ${signs} characters${signs > most ? `; about ${most} are shown` : ""}.`;
}

function useShown() {
  return useSelect((get) => {
    const of = (name) => get(editor).getEditedPostAttribute(name);
    const picture = of("featured_media") ? get(core).getEntityRecord("postType", "attachment", of("featured_media"), { context: "view" }) : null;
    const site = get(core).getEntityRecord("root", "__unstableBase")?.name;
    return { title: of("title") ?? "", excerpt: of("excerpt") ?? "", link: get(editor).getPermalink() ?? "", content: get(editor).getEditedPostContent() ?? "", picture: picture?.source_url, site };
  }, []);
}

export function Sharing() {
  const { title, excerpt, link, content, picture, site } = useShown();
  const summary = excerpt.trim() || plain(content);
  const name = title.trim() || "(no title)";
  const address = safeDecodeURI(link);
  return h(PluginDocumentSettingPanel, { name: "sharing", title: "Search and sharing" },
    h("p", { className: "gp-label" }, "In a search engine"),
    h("div", { className: "gp-preview", dir: "auto" }, h("span", null, address), h("b", null, cut(name, TITLE)), h("span", null, cut(summary, SUMMARY) || "(nothing yet)")),
    h("p", { className: "gp-label" }, "In a message"),
    h("div", { className: "gp-preview", dir: "auto" }, picture ? h("img", { src: picture, alt: "" }) : null, h("b", null, cut(name, MESSAGE)), h("span", null, cut(summary, MESSAGE)), h("span", null, site ?? "")),
    h("ul", { className: "gp-lengths" },
      h("li", null, length("Title", title.trim(), TITLE, "none yet.")),
      h("li", null, length("Summary", excerpt.trim(), SUMMARY, "none; the beginning of the text is taken.")),
      h("li", null, length("Address", address, 100, "it is made when the text is saved."))));
}
