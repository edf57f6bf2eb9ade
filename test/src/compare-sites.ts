import assert from "node:assert/strict";
import type { Browser, Response } from "playwright-core";

/** Two places of one site. */
export interface ComparedSites {
  readonly browser: Browser;
  /** The URLs of the same page, where the comparison begins. */
  readonly live: string;
  readonly files: string;
  /** The path below which the files are. Default `/`. */
  readonly base?: string;
  /** What pages load in the live site only, such as news. */
  readonly liveAssets?: RegExp;
}

/** What a browser shows at a URL. */
interface Shown {
  readonly status: number | undefined;
  readonly type: string;
  readonly title: string;
  readonly html: string;
  /** How the page looks, as far as style sheets say. */
  readonly style: string;
  readonly brokenImages: readonly string[];
  /** What was loaded with it: path, status and media type. */
  readonly assets: readonly string[];
  readonly errors: readonly string[];
  readonly links: readonly string[];
}

/**
 * Follows all links of a live site and of its files, pair by pair, and asserts that a browser shows the same: the final
 * status, the content type, the document, its style, images and assets, without an error in the console.
 * @returns the paths of the live site that were compared
 */
export async function compareSites(sites: ComparedSites): Promise<string[]> {
  const seen = new Set<string>();
  let level: (readonly [string, string])[] = [[sites.live, sites.files]];
  while (level.length > 0) {
    const next: (readonly [string, string])[] = [];
    for (const [live, files] of level) {
      const { pathname, search } = new URL(live);
      if (!seen.has(pathname + search)) next.push([live, files]);
      seen.add(pathname + search);
    }
    level = [];
    // A few at a time: each waits until the network is idle.
    while (next.length > 0) {
      level.push(...(await Promise.all(next.splice(0, 4).map((pair) => comparePages(pair, sites)))).flat());
    }
  }
  return [...seen];
}

/** Compares two pages, and resolves to the pairs of links within the sites. */
async function comparePages(
  [live, files]: readonly [string, string],
  { browser, base = "/", liveAssets }: ComparedSites,
): Promise<(readonly [string, string])[]> {
  if (!(await isHTML(live))) {
    assert.deepEqual(await load(files), await load(live), `${live} and ${files}`);
    return [];
  }
  const [wanted, { links, ...shown }] = await Promise.all([
    show(browser, live, "/"),
    show(browser, files, base),
  ]);
  const { links: liveLinks, assets: liveOnes, ...shownLive } = wanted;
  const assets = liveOnes.filter((one) => liveAssets?.test(one) !== true);
  assert.deepEqual(shown, { ...shownLive, assets }, `${live} and ${files}`);
  assert.deepEqual(shown.errors, [], files);
  assert.deepEqual(shown.brokenImages, [], files);
  assert.equal(links.length, liveLinks.length, `links of ${live} and ${files}`);
  const pairs: (readonly [string, string])[] = [];
  for (const [index, link] of liveLinks.entries()) {
    const other = links[index] ?? "";
    if (new URL(link).origin !== new URL(live).origin) assert.equal(other, link);
    else {
      assert.ok(other.startsWith(new URL(base, files).href), `${other} leaves ${base}`);
      pairs.push([link, other]);
    }
  }
  return pairs;
}

async function isHTML(url: string): Promise<boolean> {
  const response = await fetch(url);
  await response.body?.cancel();
  return mediaType(response.headers.get("content-type")) === "text/html";
}

async function load(url: string): Promise<unknown> {
  const response = await fetch(url);
  return [response.status, mediaType(response.headers.get("content-type")), await response.text()];
}

function mediaType(type: string | null | undefined): string {
  // Two names of one type (RFC 9239).
  return (type?.split(";")[0] ?? "").replace("application/javascript", "text/javascript");
}

async function show(browser: Browser, url: string, base: string): Promise<Shown> {
  // A browser of its own has nothing in its cache.
  const context = await browser.newContext();
  const page = await context.newPage();
  const errors: string[] = [];
  const loaded: Response[] = [];
  page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
  page.on("pageerror", (error) => errors.push(error.message));
  page.on("requestfailed", (request) => errors.push(`${request.url()} failed`));
  page.on("response", (one) => loaded.push(one));
  let response = await page.goto(url, { waitUntil: "networkidle" });
  if ((await page.locator('meta[http-equiv="refresh"]').count()) > 0) {
    const left = page.url();
    await page.waitForURL((now) => now.href !== left, { waitUntil: "networkidle" });
    response = loaded.findLast((one) => one.request().isNavigationRequest()) ?? null;
  }
  const toPath = (address: string) => {
    const { pathname, search } = new URL(address);
    return (pathname.startsWith(base) ? `/${pathname.slice(base.length)}` : pathname) + search;
  };
  const assets = loaded
    .filter((one) => !one.request().isNavigationRequest())
    .map((one) => `${toPath(one.url())} ${one.status()} ${mediaType(one.headers()["content-type"])}`);
  const shown = await page.evaluate(() => {
    const copy = document.documentElement.cloneNode(true) as HTMLElement;
    // What puts late parts of a streamed page into place, and where links lead, which is compared by following them.
    for (const element of copy.querySelectorAll("script, template")) element.remove();
    for (const element of copy.querySelectorAll("*")) {
      for (const name of ["href", "src", "srcset", "action", "style", "data-updates"])
        element.removeAttribute(name);
    }
    copy.removeAttribute("data-updates");
    return {
      title: document.title,
      html: copy.outerHTML.replace(/<!--[\s\S]*?-->/g, "").replace(/\s+/g, " "),
      style: Array.from(document.querySelectorAll("body, h1, p, a"), (one) => {
        const { color, fontSize, display } = getComputedStyle(one);
        return [color, fontSize, display].join();
      }).join(" "),
      brokenImages: Array.from(document.images, (one) => (one.naturalWidth > 0 ? "" : one.src)).filter(
        Boolean,
      ),
      links: Array.from(document.links, (one) => one.href.replace(/#.*$/, "")),
    };
  });
  await context.close();
  const type = mediaType(response?.headers()["content-type"]);
  return { ...shown, status: response?.status(), type, assets: [...new Set(assets)].sort(), errors };
}
