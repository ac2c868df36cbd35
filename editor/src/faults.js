// What hinders readers, told from the blocks of a text. Pure: blocks in, faults out.
const VAGUE = /^(here|click here|see here|read more|more|link|this|this link|download|ici|cliquez ici|lire la suite|aquí|haga clic aquí|leer más|هنا|اضغط هنا|тут|здесь|这里|点击这里)[.,:;!…»”"]*$/iu;
const RICH = ["content", "text", "value", "caption", "citation"];

const flat = (blocks) => blocks.flatMap((block) => [block, ...flat(block.innerBlocks ?? [])]);
const plain = (html) => String(html ?? "").replace(/<[^>]*>/g, "").replace(/&nbsp;/g, " ").trim();

/** All rich text of a block, the cells of a table among it. */
function rich({ name, attributes: of = {} }) {
  const cells = name === "core/table" ? ["head", "body", "foot"].flatMap((part) => of[part] ?? []).flatMap((row) => row.cells.map((cell) => cell.content)) : [];
  return [...RICH.map((part) => of[part]), ...cells].map((html) => String(html ?? "")).join("\n");
}

/** Links that do not say where they lead. */
function links(html) {
  return [...html.matchAll(/<a\b[^>]*>(.*?)<\/a>/gis)].flatMap(([, inner]) => {
    const text = plain(inner);
    if (!text) return /<img\b[^>]*\balt="[^"]/i.test(inner) ? [] : ["A link has no words."];
    if (VAGUE.test(text)) return [`The link “${text}” does not say where it leads.`];
    if (/^(https?:\/\/|www\.)\S+$/i.test(text)) return [`The link “${text.length > 40 ? `${text.slice(0, 40)}…` : text}” is an address; words are easier to hear.`];
    return [];
  });
}

function heading({ attributes: of = {} }, before) {
  const level = of.level ?? 2;
  const said = [];
  if (level === 1) said.push("A heading of the first level: the title of the page is that already.");
  else if (level > before + 1) said.push(`A heading of level ${level} follows one of level ${before}: a step is left out.`);
  if (!plain(of.content)) said.push("A heading is empty.");
  return said;
}

function pictures({ name, attributes: of = {} }) {
  const said = "A picture has no text for who cannot see it.";
  if (name === "core/image" && of.url && !of.alt?.trim()) return [said];
  if (name === "core/media-text" && of.mediaType === "image" && !of.mediaAlt?.trim()) return [said];
  if (name === "core/html") return (String(of.content ?? "").match(/<img\b(?![^>]*\balt=)[^>]*>/gi) ?? []).map(() => said);
  return [];
}

function table({ name, attributes: of = {} }) {
  return name === "core/table" && of.body?.length > 1 && !of.head?.length ? ["A table has no row of headings."] : [];
}

export function faults(blocks) {
  let level = 1;
  return flat(blocks).flatMap((block) => {
    const said = [...pictures(block), ...table(block), ...links(rich(block))];
    if (block.name === "core/heading") {
      said.unshift(...heading(block, level));
      level = block.attributes?.level ?? 2;
    }
    return said.map((text) => ({ clientId: block.clientId, text }));
  });
}
