import { toHTMLText } from "../markdown/html-text.js";

/** A page in the sitemap, in the feed and in `llms.txt`. */
export interface IndexedPage {
  /** The URL of the page. */
  readonly url: string;
  readonly title: string;
  readonly description: string | undefined;
  /** The date of publication, in ISO 8601. */
  readonly date: string | undefined;
}

// XML cannot contain these characters. If a feed contains one of them, readers refuse the whole file.
// biome-ignore lint/suspicious/noControlCharactersInRegex: see above.
const forbidden = /[\0-\x08\v\f\x0e-\x1f\ufffe\uffff]/g;

/** The number of URLs that a sitemap may have. */
const sitemapLimit = 50_000;

/**
 * The files that list the pages of a site. The key is the name of the file.
 * @param home - the URL of the site
 */
export function toSiteIndex(pages: readonly IndexedPage[], home: string): ReadonlyMap<string, string> {
  const sorted = pages.toSorted((a, b) => (a.url < b.url ? -1 : 1));
  const first = sorted.find(({ url }) => url === home) ?? sorted[0];
  if (first === undefined) return new Map();
  const dated = sorted.filter(({ date }) => date !== undefined);
  return new Map([
    ...toSitemaps(sorted, home),
    ["llms.txt", toLLMsText(first, sorted)],
    ...(dated.length === 0 ? [] : [["feed.xml", toFeed(first, dated, home)] as const]),
  ]);
}

/** One sitemap, or several with an index of them. */
function toSitemaps(pages: readonly IndexedPage[], home: string): [string, string][] {
  const parts: IndexedPage[][] = [];
  for (let start = 0; start < pages.length; start += sitemapLimit) {
    parts.push(pages.slice(start, start + sitemapLimit));
  }
  const [only] = parts;
  if (parts.length === 1 && only !== undefined) return [["sitemap.xml", toSitemap(only)]];
  const files = parts.map((part, index): [string, string] => [`sitemap-${index + 1}.xml`, toSitemap(part)]);
  const list = files.map(([name]) => `<sitemap><loc>${toHTMLText(home + name)}</loc></sitemap>`);
  return [["sitemap.xml", toSitemapFile("sitemapindex", list)], ...files];
}

function toSitemap(pages: readonly IndexedPage[]): string {
  const urls = pages.map(({ url, date }) => {
    const changed = date === undefined ? "" : `<lastmod>${toHTMLText(date)}</lastmod>`;
    return `<url><loc>${toHTMLText(url)}</loc>${changed}</url>`;
  });
  return toSitemapFile("urlset", urls);
}

function toSitemapFile(root: string, lines: readonly string[]): string {
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<${root} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">`,
    ...lines,
    `</${root}>`,
    "",
  ].join("\n");
}

/** RSS 2.0, the newest page first. */
function toFeed({ title, description }: IndexedPage, pages: readonly IndexedPage[], home: string): string {
  const newestFirst = pages.toSorted((a, b) => Date.parse(b.date ?? "") - Date.parse(a.date ?? ""));
  const items = newestFirst.map((page) => {
    const about = page.description === undefined ? "" : element("description", page.description);
    const date = element("pubDate", new Date(page.date ?? "").toUTCString());
    return `<item>${element("title", page.title)}${element("link", page.url)}<guid>${toHTMLText(page.url)}</guid>${date}${about}</item>`;
  });
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom">',
    "<channel>",
    element("title", title),
    element("link", home),
    element("description", description ?? title),
    `<atom:link href="${toHTMLText(`${home}feed.xml`)}" rel="self" type="application/rss+xml"/>`,
    ...items,
    "</channel>",
    "</rss>",
    "",
  ].join("\n");
}

function element(name: string, text: string): string {
  return `<${name}>${toHTMLText(text.replace(forbidden, ""))}</${name}>`;
}

/** The list of pages for language models, in the format of llmstxt.org. */
function toLLMsText(first: IndexedPage, pages: readonly IndexedPage[]): string {
  const about = first.description === undefined ? [] : [`> ${first.description}`, ""];
  const lines = pages.map(({ title, url, description }) => {
    const name = title.replace(/[[\]]/g, "\\$&");
    return `- [${name}](${url})${description === undefined ? "" : `: ${description}`}`;
  });
  return [`# ${first.title}`, "", ...about, "## Pages", "", ...lines, ""].join("\n");
}
