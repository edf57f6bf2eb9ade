import { JSXNodeError } from "../errors.js";
import { createBoundedCache } from "./bounded-cache.js";

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
}

const emptyTags = /^(?:area|base|br|col|embed|hr|img|input|link|meta|param|source|track|wbr)$/;
const opaqueTags =
  /^(?:script|style|textarea|title|template|noscript|iframe|noembed|noframes|xmp|plaintext)$/;
const specialTags = /^(?:select|option|pre|listing|svg|math|foreignobject)$/;

function createTag(tag: string): Tag {
  if (!/^[a-z][^\s"'<>/=&`\0]*$/i.test(tag)) {
    throw new JSXNodeError(
      "invalid_tag",
      `${JSON.stringify(tag)} cannot be the tag of an element: a tag begins with a letter and has no spaces, quotes or brackets.`,
    );
  }
  const name = tag.toLowerCase();
  const custom = name.includes("-");
  const opaque = opaqueTags.test(name);
  return {
    open: `<${tag}`,
    close: `</${tag}>`,
    name,
    empty: emptyTags.test(name),
    special: custom || opaque || specialTags.test(name),
    custom,
    opaque,
  };
}

/** What the writer has to know about a tag; `invalid_tag` when it cannot be one. */
export const findTag: (tag: string) => Tag = createBoundedCache(createTag);
