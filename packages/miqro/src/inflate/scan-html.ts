import { decodeReferences, decodeWithPlaces } from "../markdown/html-text.js";

/** A URL in a document, and its position. */
export interface FoundLink {
  /** The position between the quotes. */
  readonly start: number;
  readonly end: number;
  /** The URL with decoded character references, and without white space around it. */
  readonly value: string;
  /**
   * `page`: readers follow it. `asset`: the browser loads it. `form`: the target of a form. `base`: other URLs are
   * relative to it. `name`: it need not exist, such as the prefix of modules.
   */
  readonly use: "page" | "asset" | "form" | "base" | "name";
  /** The syntax around it: an attribute of HTML, or CSS. The text of a script counts as CSS, which has no references. */
  readonly syntax: "html" | "css";
}

/** The parts of a document that matter for a static site. */
export interface ScannedHTML {
  readonly links: readonly FoundLink[];
  /** The methods of forms that need a server. */
  readonly posts: boolean;
  readonly title: string | undefined;
  /** The contents of its `<meta>` elements. The keys are their names or properties, in lower case. */
  readonly meta: ReadonlyMap<string, string>;
  readonly hasCharset: boolean;
  /** The position after `<head>`; undefined if there is no `<head>`. */
  readonly headStart: number | undefined;
}

const urlAttributes: Readonly<Record<string, Readonly<Record<string, FoundLink["use"]>>>> = {
  a: { href: "page", "xlink:href": "page" },
  area: { href: "page" },
  audio: { src: "asset" },
  base: { href: "base" },
  button: { formaction: "form" },
  embed: { src: "asset" },
  feimage: { href: "asset", "xlink:href": "asset" },
  form: { action: "form" },
  iframe: { src: "page" },
  image: { href: "asset", "xlink:href": "asset" },
  img: { src: "asset", srcset: "asset" },
  input: { src: "asset", formaction: "form" },
  link: { href: "asset", imagesrcset: "asset" },
  object: { data: "asset" },
  script: { src: "asset", href: "asset", "xlink:href": "asset" },
  source: { src: "asset", srcset: "asset" },
  track: { src: "asset" },
  use: { href: "asset", "xlink:href": "asset" },
  video: { src: "asset", poster: "asset" },
};
// The relations of links that no browser loads and that lead nowhere within the site.
const idleRelations = /^(?:dns-prefetch|preconnect|pingback)$/i;

// The text from the name of a tag to its end.
const rest = /(?:[^"'>]|"[^"]*"|'[^']*')*/y;
const comment = /<!--(?:-?>|[\s\S]*?(?:--!?>|$))/y;
const tagName = /[a-zA-Z][^\s/>]*/y;
const attribute = /([^\s"'<>/=]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'=<>`]+)))?/g;
const rawText = new Set(["iframe", "noembed", "noframes", "script", "style", "textarea", "title", "xmp"]);
// The delay and the URL of `<meta http-equiv="refresh">`.
const refresh = /^\s*[\d.]+(?:\s*[;,]\s*|\s+)(?:url\s*=\s*)?(?:"([^"]*)|'([^']*)|(\S.*))/is;
// The JSON of these scripts has URLs: those that name a path begin so.
const scriptWithURLs = /^\s*(?:importmap|speculationrules)\s*$/i;
const pathInJSON = /"((?:\/|\.\.?\/)[^"\\]*)"/g;

interface Attribute {
  readonly text: string;
  /** With its character references. */
  readonly written: string;
  /** The position of its value, between the quotes. */
  readonly start: number;
  readonly end: number;
}

/** Finds the links and the metadata of an HTML document. */
export function scanHTML(html: string): ScannedHTML {
  const links: FoundLink[] = [];
  const meta = new Map<string, string>();
  let title: string | undefined;
  let posts = false;
  let hasCharset = false;
  let headStart: number | undefined;
  for (let at = html.indexOf("<"); at !== -1; at = html.indexOf("<", at)) {
    const name = matchAt(tagName, html, at + 1).toLowerCase();
    if (name === "") {
      at += Math.max(matchAt(comment, html, at).length, 1);
      continue;
    }
    const start = at + 1 + name.length;
    const text = html[start] === ">" ? "" : matchAt(rest, html, start);
    at = start + text.length;
    // A tag without an end is not a tag.
    if (html[at] !== ">") continue;
    at++;
    const uses = urlAttributes[name];
    let hasURLs = false;
    if (uses !== undefined && text !== "") {
      const attributes = readAttributes(text, start);
      addLinks(name, uses, attributes, links);
      hasURLs = name === "script" && scriptWithURLs.test(attributes.get("type")?.text ?? "");
      posts ||= name === "form" && attributes.get("method")?.text.toLowerCase() === "post";
    } else if (name === "meta") {
      const attributes = readAttributes(text, start);
      const key = attributes.get("name") ?? attributes.get("property");
      hasCharset ||= attributes.has("charset") || /charset=/i.test(attributes.get("content")?.text ?? "");
      if (key !== undefined) meta.set(key.text.toLowerCase(), attributes.get("content")?.text ?? "");
      if (/^refresh$/i.test(attributes.get("http-equiv")?.text ?? ""))
        links.push(...scanRefresh(attributes.get("content")));
    } else if (name === "head") headStart ??= at;
    if (text.includes("url(")) {
      const style = readAttributes(text, start).get("style");
      if (style !== undefined) links.push(...scanStyle(style));
    }
    if (!rawText.has(name)) continue;
    const end = findEnd(html, name, at);
    if (name === "title") title ??= decodeReferences(html.slice(at, end)).replace(/\s+/g, " ").trim();
    if (name === "style") links.push(...scanCSS(html.slice(at, end), at));
    if (hasURLs) links.push(...scanPaths(html.slice(at, end), at));
    at = end;
  }
  // The attributes of a tag come in any order.
  links.sort((a, b) => a.start - b.start);
  return { links, meta, title, posts, hasCharset, headStart };
}

/** The match of a sticky pattern at a position; the empty string if it does not match. */
function matchAt(pattern: RegExp, text: string, at: number): string {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] ?? "";
}

function readAttributes(text: string, offset: number): Map<string, Attribute> {
  const found = new Map<string, Attribute>();
  for (const match of text.matchAll(attribute)) {
    const name = (match[1] ?? "").toLowerCase();
    // If there are several, browsers take the first.
    if (found.has(name)) continue;
    const value = match[2] ?? match[3] ?? match[4] ?? "";
    const isQuoted = match[2] !== undefined || match[3] !== undefined;
    const end = offset + match.index + match[0].length - (isQuoted ? 1 : 0);
    const text = value.includes("&") ? decodeReferences(value) : value;
    found.set(name, { text, written: value, start: end - value.length, end });
  }
  return found;
}

function addLinks(
  name: string,
  uses: Readonly<Record<string, FoundLink["use"]>>,
  attributes: ReadonlyMap<string, Attribute>,
  links: FoundLink[],
): void {
  const relations = attributes.get("rel")?.text.split(/\s+/) ?? [];
  if (relations.includes("external")) return;
  if (name === "link" && relations.some((one) => idleRelations.test(one))) return;
  const isCanonical = name === "link" && relations.some((one) => /^canonical$/i.test(one));
  for (const [key, usual] of Object.entries(uses)) {
    const found = attributes.get(key);
    if (found === undefined) continue;
    // The page itself is there. It may be one of another site.
    const use = isCanonical ? "name" : usual;
    if (key.endsWith("srcset")) links.push(...scanSourceSet(found));
    else links.push({ start: found.start, end: found.end, value: found.text.trim(), use, syntax: "html" });
  }
}

/** `a.png 1x, b.png 2x`: URLs with descriptors. */
function scanSourceSet({ written, start }: Attribute): FoundLink[] {
  const { text, placeOf } = decodeWithPlaces(written);
  return Array.from(
    text.matchAll(/([^\s,]\S*?)(?:,(?=\s|$)|\s+[^,]*(?:,|$)|$)/g),
    ({ 1: value = "", index }) => ({
      start: start + placeOf(index),
      end: start + placeOf(index + value.length),
      value,
      use: "asset",
      syntax: "html",
    }),
  );
}

/** The URLs of a `style` attribute, in which quotes may be character references. */
function scanStyle({ written, start }: Attribute): FoundLink[] {
  const { text, placeOf } = decodeWithPlaces(written);
  return scanCSS(text).map((link) => ({
    ...link,
    start: start + placeOf(link.start),
    end: start + placeOf(link.end),
    syntax: "html",
  }));
}

/** The URL of the page that follows after a while. */
function scanRefresh(content: Attribute | undefined): FoundLink[] {
  const { text, placeOf } = decodeWithPlaces(content?.written ?? "");
  const match = refresh.exec(text);
  const value = match?.[1] ?? match?.[2] ?? match?.[3];
  if (content === undefined || match === null || value === undefined) return [];
  const index = match[0].length - value.length;
  const place = (at: number) => content.start + placeOf(at);
  return [
    {
      start: place(index),
      end: place(index + value.length),
      value: value.trim(),
      use: "page",
      syntax: "html",
    },
  ];
}

/** The paths in the JSON of an import map, or of rules for speculation. */
function scanPaths(json: string, offset: number): FoundLink[] {
  return Array.from(json.matchAll(pathInJSON), ({ 1: value = "", index }) => {
    const start = offset + index + 1;
    return { start, end: start + value.length, value, use: "name", syntax: "css" };
  });
}

function findEnd(html: string, name: string, from: number): number {
  const end = new RegExp(`</${name}[\\s/>]`, "gi");
  end.lastIndex = from;
  return end.exec(html)?.index ?? html.length;
}

const cssURL =
  /\/\*[\s\S]*?(?:\*\/|$)|url\(\s*(?:"([^"\n]*)"|'([^'\n]*)'|([^\s"'()]+))\s*\)|@import\s+(?:"([^"\n]*)"|'([^'\n]*)')/gi;

/** Finds the URLs of a style sheet. */
export function scanCSS(css: string, offset = 0): FoundLink[] {
  const links: FoundLink[] = [];
  for (const match of css.matchAll(cssURL)) {
    const value = match[1] ?? match[2] ?? match[3] ?? match[4] ?? match[5];
    if (value === undefined) continue;
    const start = offset + match.index + match[0].lastIndexOf(value);
    links.push({ start, end: start + value.length, value: value.trim(), use: "asset", syntax: "css" });
  }
  return links;
}
