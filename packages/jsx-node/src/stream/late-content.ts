import { HTMLEncode } from "../escape/html-encode.js";

/** The text before a content, and the text after it. */
export type Bounds = readonly [start: string, end: string];

/** The way in which late children of a `Suspense` replace its fallback. */
export interface LateContent {
  /** The text around a fallback. */
  fallback(id: string): Bounds;
  /** The text around the children of a `Suspense` that has become ready. */
  arrival(id: string): Bounds;
}

/**
 * Uses only markup: a browser that knows `<template for>` puts the content between the two instructions of that name.
 */
export const templateContent: LateContent = {
  fallback: (id) => [`<?start name="${id}">`, "<?end>"],
  arrival: (id) => [`<template for="${id}">`, "</template>"],
};

// Replaces a fallback with the content of a template. If a filter has removed the comment that ends the fallback,
// nothing is removed: the nodes that follow could be anything.
const swap =
  "function $miqroSwap(i){let a=document.getElementById(i),b=document.getElementById(i+'c'),e=a;if(!b)return;" +
  "while(e&&!(e.nodeType==8&&e.data==i))e=e.nextSibling;if(e){while(a.nextSibling!=e)a.nextSibling.remove();e.remove()}" +
  "if(a)a.replaceWith(b.content);b.remove()}";

/**
 * A small inline script after each content.
 *
 * @param nonce the nonce with which a content security policy allows inline scripts
 */
export function createScriptContent(nonce: string | undefined): LateContent {
  const attribute = nonce === undefined ? "" : ` nonce="${HTMLEncode(nonce)}"`;
  /** The function that the first script defines. */
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
