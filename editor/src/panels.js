// The panels beside the text: which there are for what kind of item; what hinders readers, and which words to think over.
import { store as blockEditor } from "@wordpress/block-editor";
import { Button } from "@wordpress/components";
import { dispatch, useDispatch, useSelect } from "@wordpress/data";
import { PluginDocumentSettingPanel } from "@wordpress/editor";
import { createElement as h, useMemo } from "@wordpress/element";
import { store as interfaceStore } from "@wordpress/interface";
import { registerPlugin } from "@wordpress/plugins";
import { faults } from "./faults.js";
import { Files } from "./files.js";
import { Change, language, record, Record, useKept } from "./record.js";
import { Sharing } from "./sharing.js";
import { hints } from "./terms.js";

const SHARED = ["post", "page", "ai1ec_event"];

/** Things in the text to look at, each with the way to its block. */
function List({ found }) {
  const { selectBlock } = useDispatch(blockEditor);
  const show = (clientId) => {
    // On a narrow screen the panels lie over the text.
    if (matchMedia("(max-width:781px)").matches) dispatch(interfaceStore).disableComplementaryArea("core");
    selectBlock(clientId);
  };
  return h("ul", { className: "gp-check" }, found.map(({ clientId, text }, at) => h("li", { key: at }, text, h("br"), h(Button, { variant: "link", onClick: () => show(clientId) }, "Show it"))));
}

function Checks() {
  const list = useSelect((get) => get(blockEditor).getBlocks(), []);
  const found = useMemo(() => faults(list), [list]);
  return h(PluginDocumentSettingPanel, { name: "checks", title: found.length ? `Accessibility: ${found.length} to look at` : "Accessibility" },
    found.length ? h(List, { found }) : h("p", null, "Nothing hinders readers, as far as this can be told: headings in order, pictures described, links that say where they lead, tables with heads."));
}

function Words() {
  useKept();
  const list = useSelect((get) => get(blockEditor).getBlocks(), []);
  const written = language() || document.documentElement.lang || "en";
  const found = useMemo(() => hints(list, written).map(({ clientId, word, say }) => ({ clientId, text: `“${word}”: ${say}` })), [list, written]);
  if (!found.length) return null;
  return h(PluginDocumentSettingPanel, { name: "words", title: `Words: ${found.length} to think over` },
    h(List, { found }), h("p", null, "Quotations and titles of treaties keep their words. Nothing is changed by itself."));
}

export function panels({ postId, postType, documents }) {
  if (documents) record(postId);
  const all = () => [
    documents ? [h(Record, { key: "record" }), h(Files, { key: "files", postId }), h(Change, { key: "change" })] : null,
    SHARED.includes(postType) ? h(Sharing, { key: "sharing" }) : null,
    h(Checks, { key: "checks" }),
    h(Words, { key: "words" }),
  ];
  registerPlugin("guidepost", { icon: null, render: all });
}
