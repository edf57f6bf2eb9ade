import { JSXNodeError } from "../errors.js";
import { createBoundedCache } from "./bounded-cache.js";
import { type Literal, toLiteral } from "./page-bytes.js";
import type { Prop } from "./prop.js";

/** The writer's data about a tag. */
export interface Tag {
  readonly open: Literal;
  readonly close: Literal;
  /** The tag in lower case. */
  readonly name: string;
  /** True for elements that have neither content nor an end tag. */
  readonly empty: boolean;
  /** True for elements that need more than attributes and children. */
  readonly special: boolean;
  /** True for custom elements. */
  readonly custom: boolean;
  /** True for elements whose content the parser reads as text, or keeps out of the page. */
  readonly opaque: boolean;
  /** True for elements that never occur in SVG or MathML: the parser ends SVG and MathML at such a tag. */
  readonly breaksOut: boolean;
  /** The attributes of the last element with this tag, in their order: the next element usually has the same ones. */
  readonly recent: (RecentAttribute | undefined)[];
  /** The attributes that elements with this tag had, by their props. */
  readonly attributes: Map<string, RecentAttribute>;
}

/** A prop of an element, and the attributes that were written for some of its values. */
export interface RecentAttribute {
  readonly name: string;
  readonly prop: Prop;
  /** Short strings, each at the place that `slotOf` tells. */
  readonly values: (string | undefined)[];
  /** The attributes for these. */
  readonly literals: (Literal | undefined)[];
  /** How many more values were new than known. A prop that has other values each time is not remembered. */
  misses: number;
  /** How often a value was remembered. */
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
    open: toLiteral(`<${tag}`),
    close: toLiteral(`</${tag}>`),
    name,
    empty: emptyTags.test(name),
    special: custom || opaque || specialTags.test(name),
    custom,
    opaque,
    breaksOut: breakoutTags.test(name),
    recent: [],
    attributes: new Map(),
  };
}

/** The writer's data about a tag. Throws `JSX_INVALID_TAG` if it cannot be a tag. */
export const findTag: (tag: string) => Tag = createBoundedCache(createTag);
