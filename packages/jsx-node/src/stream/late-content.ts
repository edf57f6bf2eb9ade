import { HTMLEncode } from "../escape/html-encode.js";

/** What stands before something, and after it. */
export type Bounds = readonly [start: string, end: string];

/** How the children of a `Suspense` that come late get into the place of its fallback. */
export interface LateContent {
  /** What stands around a fallback. */
  fallback(id: string): Bounds;
  /** What stands around the children of a `Suspense` that has become ready. */
  arrival(id: string): Bounds;
}

/** Markup alone: a browser that knows `<template for>` puts the content between the two instructions of that name. */
export const templateContent: LateContent = {
  fallback: (id) => [`<?start name="${id}">`, "<?end>"],
  arrival: (id) => [`<template for="${id}">`, "</template>"],
};

// Puts the content of a template in place of a fallback. Without the comment that ends the fallback, which a filter may
// have taken out, nothing is removed: what follows could be anything.
const swap =
  "function $miqroSwap(i){let a=document.getElementById(i),b=document.getElementById(i+'c'),e=a;if(!b)return;" +
  "while(e&&!(e.nodeType==8&&e.data==i))e=e.nextSibling;if(e){while(a.nextSibling!=e)a.nextSibling.remove();e.remove()}" +
  "if(a)a.replaceWith(b.content);b.remove()}";

/**
 * A small inline script after each content.
 *
 * @param nonce what a content security policy lets inline scripts have
 */
export function createScriptContent(nonce: string | undefined): LateContent {
  const attribute = nonce === undefined ? "" : ` nonce="${HTMLEncode(nonce)}"`;
  /** The function that the first script brings along. */
  let definition = `${swap};`;
  return {
    fallback: (id) => [`<template id="${id}"></template>`, `<!--${id}-->`],
    arrival(id) {
      const script = `${definition}$miqroSwap("${id}")`;
      definition = "";
      return [`<template id="${id}c">`, `</template><script${attribute}>${script}</script>`];
    },
  };
}
