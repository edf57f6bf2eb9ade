import { HTMLEncode } from "../escape/html-encode.js";

/** The HTML before some content, and the HTML after it. */
export type Bounds = readonly [start: string, end: string];

/** The way in which late children of a `Suspense` replace its fallback. */
export interface LateContent {
  /** The HTML around a fallback. */
  fallback(id: string): Bounds;
  /** The HTML around the late children of a `Suspense`. */
  arrival(id: string): Bounds;
}

/**
 * Uses only markup. A browser that supports `<template for>` inserts the content between the two instructions with the
 * same name.
 */
export const templateContent: LateContent = {
  fallback: (id) => [`<?start name="${id}">`, "<?end>"],
  arrival: (id) => [`<template for="${id}">`, "</template>"],
};

// Replaces a fallback with the content of a template. A filter between server and browser may have removed the comment
// at the end of the fallback. Then no node is removed, because the end of the fallback is unknown.
const swap =
  "function $miqroSwap(i){let a=document.getElementById(i),b=document.getElementById(i+'c'),e=a;if(!b)return;" +
  "while(e&&!(e.nodeType==8&&e.data==i))e=e.nextSibling;if(e){while(a.nextSibling!=e)a.nextSibling.remove();e.remove()}" +
  "if(a)a.replaceWith(b.content);b.remove()}";

/**
 * Writes a small inline script after each late content.
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
