import { JSXNodeError } from "../errors.js";
import { createBoundedCache } from "./bounded-cache.js";
import { type Literal, toLiteral } from "./page-bytes.js";
import type { Prop } from "./prop.js";

/** Cached data about a tag. */
export interface Tag {
  readonly open: Literal;
  readonly close: Literal;
  /** The tag in lower case. */
  readonly name: string;
  /** True for elements without content and without an end tag. */
  readonly empty: boolean;
  /** True for elements with special rules, such as `script`, `select` and custom elements. */
  readonly special: boolean;
  /** True for custom elements. */
  readonly custom: boolean;
  /**
   * True for elements whose content is text for the parser or is not part of the page, such as `title` and `template`.
   */
  readonly opaque: boolean;
  /** True for elements at which the parser ends SVG and MathML, such as `div`. */
  readonly breaksOut: boolean;
  /**
   * The cached attributes of the last element with this tag, in order. The next element usually has the same
   * attributes.
   */
  readonly recent: (RecentAttribute | undefined)[];
  /** The cached attributes of all elements with this tag, by prop. */
  readonly attributes: Map<string, RecentAttribute>;
}

/** A cache for one prop of a tag: some of its values, and the attributes that were written for them. */
export interface RecentAttribute {
  readonly name: string;
  readonly prop: Prop;
  /** Short strings, each at the position that `slotOf` returns. */
  readonly values: (string | undefined)[];
  /** The attributes for these values. */
  readonly literals: (Literal | undefined)[];
  /** The number of values that were not cached, minus the number of those that were. At `maxMisses`, caching ends. */
  misses: number;
  /** The number of values that were cached. */
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

/** Returns the cached data about a tag. Throws `JSX_INVALID_TAG` if the string cannot be a tag. */
export const findTag: (tag: string) => Tag = createBoundedCache(createTag);
