// Words of the field to think over, told from the blocks of a text. Pure: blocks in, hints out; nothing is ever rewritten.
//
// The list is `terms.json`; its source are the Terminology Guidelines (Luxembourg, 2016 and 2025). A word is looked for in texts of its
// language only. Left alone are quotations, titles of instruments and what is marked as another language.
import list from "./terms.json" with { type: "json" };

const QUOTING = new Set(["core/quote", "core/pullquote", "core/verse", "core/code", "core/preformatted", "core/file", "core/embed"]);
const PARTS = ["content", "text", "value", "caption", "citation"];
const TERMS = list.map((term) => ({ ...term, pattern: new RegExp(term.word, "giu") }));
const GAP = " … ";
// An instrument's title runs from its kind to the end of the clause: a comma may stand in it.
const INSTRUMENT = /\b(?:Optional Protocol|Convention|Protocol to|Protocol of|Directive|Framework Decision|Act of|Act on|Protocole facultatif|Protocolo facultativo|Convenio|Convenci[óo]n)\b[^.;:!?\n]*/g;

/** The words of a rich text without what is quoted, cited, in another language, or the title of an instrument. */
export function own(html) {
  return String(html ?? "")
    .replace(/<(q|cite|blockquote|code)\b[^>]*>.*?<\/\1>/gis, GAP)
    .replace(/<(\w+)\b[^>]*\slang=[^>]*>.*?<\/\1>/gis, GAP)
    .replace(/<[^>]*>/g, "")
    .replace(/&nbsp;/g, " ")
    .replace(/[“"«„][^“”"«»„]*[”"»]/g, GAP)
    .replace(INSTRUMENT, GAP);
}

/** Words that are capitals in the midst of a sentence stand for a title or a name, as “Child Prostitution” in that of a treaty. */
function isName(words) {
  return words.includes(" ") && words.split(/\s+/).every((word) => /^\p{Lu}/u.test(word));
}

function found(text, language) {
  return TERMS.filter((term) => term.lang === language).flatMap(({ pattern, say, mark }) => {
    const words = [...text.matchAll(pattern)].map(([word]) => word).filter((word) => !isName(word));
    return [...new Set(words)].map((word) => ({ word, say, mark }));
  });
}

/** What to think over in a text, the blocks of which are written in `language`; each hint names its block. */
export function hints(blocks, language = "en", within = false) {
  return blocks.flatMap((block) => {
    const quoted = within || QUOTING.has(block.name);
    const text = quoted ? "" : PARTS.map((part) => own(block.attributes?.[part])).join("\n");
    const here = found(text, language.split("-")[0].toLowerCase()).map((hint) => ({ ...hint, clientId: block.clientId }));
    return [...here, ...hints(block.innerBlocks ?? [], language, quoted)];
  });
}
