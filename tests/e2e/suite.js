// What every suite begins with: a site, a browser, and pages in it.
import { after } from "node:test";
import { browser, demo } from "./site.js";

export const NARROW = { width: 375, height: 812 };
export const WIDE = { width: 1280, height: 800 };

/** Follows a link, or does what else leads to another page, until that page is there. */
export async function follow(page, link) {
  await Promise.all([page.waitForEvent("framenavigated"), link.click()]);
  await page.waitForLoadState();
}

/** Await this at the top of a suite. `settings` gives the suite a site of its own. */
export async function suite(settings) {
  const [site, opened] = await Promise.all([demo(settings), browser()]);
  const here = { url: site.url, says: site.says, command: site.command };
  /** The link of the first start, which is printed a moment after the address. */
  here.firstLink = async () => (await site.says(/once: (\S+)\n/))[1];
  after(async () => {
    await opened.close();
    await site.stop();
  });

  /**
   * A page at `path` (where one is given), `options` as for a browser context. Pages of equal options are one page that
   * is used again, which saves half of the time, unless `fresh` asks for a visitor who was never here.
   */
  const known = new Map();
  here.visit = async (test, path, { fresh = false, ...options } = {}) => {
    const key = JSON.stringify(options);
    let page = fresh ? undefined : known.get(key);
    if (page === undefined) {
      const context = await opened.newContext({ baseURL: here.url, viewport: WIDE, ...options });
      context.setDefaultTimeout(30_000);
      page = await context.newPage();
      if (fresh) test.after(() => context.close());
      else known.set(key, page);
    } else {
      await page.setViewportSize(options.viewport ?? WIDE);
      await page.emulateMedia({ media: null, colorScheme: options.colorScheme ?? null });
    }
    if (path !== undefined) await page.goto(path);
    return page;
  };
  return here;
}
