import { JSXNodeError } from "../errors.js";
import { createBoundedCache } from "./bounded-cache.js";
import type { Prop } from "./prop.js";

/** What the writer has to know about a tag. */
export interface Tag {
  readonly open: string;
  readonly close: string;
  /** The tag in lower case. */
  readonly name: string;
  /** True for elements that have neither content nor an end tag. */
  readonly empty: boolean;
  /** True for the elements that need more than attributes and children. */
  readonly special: boolean;
  /** True for custom elements. */
  readonly custom: boolean;
  /** True for elements whose content the parser takes as text, or keeps out of the page. */
  readonly opaque: boolean;
  /** True for elements that are in no SVG or MathML: the parser ends these where it finds such a tag. */
  readonly breaksOut: boolean;
  /** What the last element of this tag had for attributes, in their order: the next one mostly has the same. */
  readonly recent: (RecentAttribute | undefined)[];
}

/** A prop of an element, and the attribute that was written for its value. */
export interface RecentAttribute {
  readonly name: string;
  readonly prop: Prop;
  /** A short string that was its value. */
  value: string | undefined;
  /** What was written for that, and whether the value of an attribute before it was to be closed. */
  html: string;
  quoted: boolean;
  /** How often the value was another one; after some times, it is no longer kept. */
  changes: number;
}

const emptyTags = /^(?:area|base|br|col|embed|hr|img|input|link|meta|param|source|track|wbr)$/;
const opaqueTags =
  /^(?:script|style|textarea|title|template|noscript|iframe|noembed|noframes|xmp|plaintext)$/;
const breakoutTags =
  /^(?:b|big|blockquote|body|br|center|code|dd|div|dl|dt|em|embed|font|h[1-6]|head|hr|i|img|li|listing|menu|meta|nobr|ol|p|pre|ruby|s|small|span|strong|strike|sub|sup|table|tt|u|ul|var)$/;
const specialTags =
  /^(?:select|option|pre|listing|svg|math|foreignobject|desc|m[inos]|mtext|annotation-xml|mglyph|malignmark)$/;

function createTag(tag: string): Tag {
  if (!/^[a-z][^\s"'<>/=&`\0]*$/i.test(tag)) {
    throw new JSXNodeError(
      "JSX_INVALID_TAG",
      `${JSON.stringify(tag)} cannot be the tag of an element: a tag begins with a letter and has no spaces, quotes or brackets.`,
    );
  }
  const name = tag.toLowerCase();
  const custom = name.includes("-") && name !== "annotation-xml";
  const opaque = opaqueTags.test(name);
  return {
    open: `<${tag}`,
    close: `</${tag}>`,
    name,
    empty: emptyTags.test(name),
    special: custom || opaque || specialTags.test(name),
    custom,
    opaque,
    breaksOut: breakoutTags.test(name),
    recent: [],
  };
}

/** What the writer has to know about a tag; `JSX_INVALID_TAG` when it cannot be one. */
export const findTag: (tag: string) => Tag = createBoundedCache(createTag);
