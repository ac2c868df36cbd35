// Words of the field to think over, told from the blocks of a text. Pure: blocks in, hints out; nothing is ever rewritten.
//
// Source of the list: the Terminology Guidelines (Luxembourg, 2016 and 2025).
export const TERMS = [
  [/\bchild(?:ren)?(?:['’]s)? porn(?:ography)?\b|\bkiddie porn\b/gi, "say “child sexual abuse material” or “child sexual exploitation material”"],
  [/\bchild prostitution\b/gi, "say “exploitation of children in prostitution”"],
  [/\bchild prostitutes?\b|\bchild sex workers?\b/gi, "say “child victim of exploitation in prostitution”"],
  [/\b(?:webcam )?child sex tourism\b/gi, "say “sexual exploitation of children in travel and tourism”, or “live streaming of child sexual abuse”"],
  [/\bchild sex tourists?\b/gi, "say “travelling child sex offender”"],
  [/\bcybersex with (?:a )?child(?:ren)?\b/gi, "say “online-facilitated child sexual abuse”"],
  [/\bsextortion\b/gi, "perhaps “sexual extortion of children”"],
  [/\bsexting\b|\bself-generated\b/gi, "use with care: it must not say that the child agreed or is to blame"],
  [/\b(?:virtual|computer-generated|AI)[- ]porn(?:ography)?\b/gi, "perhaps “digitally generated child sexual abuse material”"],
  [/\bpa?edophiles?\b/gi, "a clinical term; “child sexual offender” says who did what"],
  [/\bpromiscuous\b|\bsurvival sex\b/gi, "describe the exploitation instead"],
  [/\bjuveniles?\b|\bminors\b/gi, "perhaps “child” (under 18)"],
  [/\bmodern slavery\b/gi, "an umbrella; name the practice: forced labour, debt bondage, trafficking, forced marriage"],
  [/\bp[ée]dopornographie\b|\bpornographie (?:infantile|enfantine)\b/gi, "dire « contenus d’abus sexuels sur enfants »"],
  [/\bpornograf[íi]a infantil\b/gi, "decir «material de abuso sexual de niños, niñas y adolescentes»"],
];

const QUOTING = new Set(["core/quote", "core/pullquote", "core/verse", "core/code", "core/preformatted", "core/file", "core/embed"]);

/** The words of a rich text without what is quoted, cited, in another language, or the title of an instrument. */
export function own(html) {
  return String(html ?? "")
    .replace(/<(q|cite|blockquote|code)\b[^>]*>.*?<\/\1>/gis, " … ")
    .replace(/<(\w+)\b[^>]*\slang=[^>]*>.*?<\/\1>/gis, " … ")
    .replace(/<[^>]*>/g, "")
    .replace(/[“"«„][^“”"«»„]*[”"»]/g, " … ")
    .replace(/[^.;!?]*\b(?:Optional Protocol|Convention|Protocol to|Directive|Act of|Protocole facultatif|Protocolo facultativo)\b[^.;!?]*/g, " … ");
}

export function hints(blocks, within = false) {
  return blocks.flatMap((block) => {
    const quoted = within || QUOTING.has(block.name);
    const text = quoted ? "" : own(`${block.attributes?.content ?? ""} ${block.attributes?.caption ?? ""}`);
    const found = TERMS.flatMap(([pattern, say]) => [...new Set([...text.matchAll(pattern)].map(([word]) => word))].map((word) => ({ clientId: block.clientId, word, say })));
    return [...found, ...hints(block.innerBlocks ?? [], quoted)];
  });
}
