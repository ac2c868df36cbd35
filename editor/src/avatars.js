// Pictures of people lie with a service that would learn who is being looked at: the API's answers are taken in without their addresses.
import apiFetch from "@wordpress/api-fetch";

/** One grey dot. What comes after the last byte of such a picture is ignored: blocks add the wanted size to every address. */
export const NOBODY = "data:image/gif,GIF89a%01%00%01%00%80%00%00%D9%DA%D6%00%00%00%2C%00%00%00%00%01%00%01%00%00%02%02D%01%00%3B";
const NAMES = new Set(["avatar_urls", "author_avatar_urls"]);

const isOurs = (address) => new URL(address, location.href).origin === location.origin;
const nobody = (addresses) => Object.fromEntries(Object.entries(addresses).map(([size, address]) => [size, isOurs(address) ? address : NOBODY]));

/** An answer with our own dot in place of each picture of elsewhere. */
export function withoutAvatars(told) {
  if (Array.isArray(told)) return told.map(withoutAvatars);
  if (!told || typeof told !== "object") return told;
  return Object.fromEntries(Object.entries(told).map(([name, value]) => [name, NAMES.has(name) && value && typeof value === "object" ? nobody(value) : withoutAvatars(value)]));
}

/** An answer that is yet to be read, as lists are for their number of pages. */
async function unread(answer) {
  const text = await answer.text();
  const { status, statusText, headers } = answer;
  // An answer without a body must not be given one, not even an empty one.
  return new Response(text ? clean(text) : null, { status, statusText, headers });
}

function clean(text) {
  if (![...NAMES].some((name) => text.includes(`"${name}"`))) return text;
  try { return JSON.stringify(withoutAvatars(JSON.parse(text))); } catch { return text; }
}

export function avatars() {
  apiFetch.use(async (options, next) => {
    const answer = await next(options);
    return answer instanceof Response ? unread(answer) : withoutAvatars(answer);
  });
}
