// What hinders readers, told from the blocks of a text. Pure: blocks in, faults out.
const VAGUE = /^(here|click here|read more|more|link|this|ici|cliquez ici|aquí|haga clic aquí|هنا|тут|здесь)$/i;

const flat = (blocks) => blocks.flatMap((block) => [block, ...flat(block.innerBlocks ?? [])]);
const plain = (html) => String(html ?? "").replace(/<[^>]*>/g, "").replace(/&nbsp;/g, " ").trim();

/** Links of rich text that do not say where they lead. */
function links(block) {
  const html = String(block.attributes?.content ?? block.attributes?.text ?? "");
  return [...html.matchAll(/<a\b[^>]*>(.*?)<\/a>/gis)].map((match) => plain(match[1])).flatMap((text) => {
    if (!text) return ["A link has no words."];
    if (VAGUE.test(text)) return [`The link “${text}” does not say where it leads.`];
    if (/^https?:\/\//.test(text)) return [`The link “${text.slice(0, 40)}” is an address; words are easier to hear.`];
    return [];
  });
}

export function faults(blocks) {
  const found = [];
  let level = 1;
  for (const block of flat(blocks)) {
    const say = (text) => found.push({ clientId: block.clientId, text });
    const { attributes: of = {} } = block;
    if (block.name === "core/heading") {
      const own = of.level ?? 2;
      if (own === 1) say("A heading of the first level: the title of the page is that already.");
      else if (own > level + 1) say(`A heading of level ${own} follows one of level ${level}: a step is left out.`);
      if (!plain(of.content)) say("A heading is empty.");
      level = own;
    }
    if (block.name === "core/image" && of.url && !of.alt?.trim()) say("A picture has no text for who cannot see it.");
    if (block.name === "core/table" && (of.body?.length ?? 0) > 1 && !(of.head?.length)) say("A table has no row of headings.");
    for (const text of links(block)) say(text);
  }
  return found;
}
