// What every suite begins with: a site, a browser, and pages that are closed when their test ends.
import { after } from "node:test";
import { browser, demo } from "./site.js";

/** Await this at the top of a suite. `settings` gives the suite a site of its own. */
export async function suite(settings) {
  const [site, opened] = await Promise.all([demo(settings), browser()]);
  const here = { url: site.url };
  after(async () => {
    await opened.close();
    await site.stop();
  });

  /** A page of a new visitor, at `path` where one is given; `options` as for a browser context. */
  here.visit = async (test, path, options = {}) => {
    const context = await opened.newContext({ baseURL: here.url, ...options });
    context.setDefaultTimeout(10_000);
    test.after(() => context.close());
    const page = await context.newPage();
    if (path !== undefined) await page.goto(path);
    return page;
  };
  return here;
}

export const NARROW = { width: 375, height: 812 };
export const WIDE = { width: 1280, height: 800 };
