import { HTMLEncode } from "../escape/html-encode.js";

/** What stands before the fallback of a `Suspense`, and after it. */
export function fallbackBounds(id: string): readonly [start: string, end: string] {
  return [`<template id="${id}"></template>`, `<!--${id}-->`];
}

// Puts the content of a template in place of a fallback. Without the comment that ends the fallback, which a filter may
// have taken out, nothing is removed: what follows could be anything.
const swap =
  "function $miqroSwap(i){let a=document.getElementById(i),b=document.getElementById(i+'c'),e=a;if(!b)return;" +
  "while(e&&!(e.nodeType==8&&e.data==i))e=e.nextSibling;if(e){while(a.nextSibling!=e)a.nextSibling.remove();e.remove()}" +
  "if(a)a.replaceWith(b.content);b.remove()}";

/**
 * What stands before and after the content of a `Suspense` that has become ready, with the script that puts it into
 * its place.
 *
 * @param first true for the first one of a page, which brings the function along
 * @param nonce what a content security policy lets inline scripts have
 */
export function arrivalBounds(
  id: string,
  first: boolean,
  nonce: string | undefined,
): readonly [start: string, end: string] {
  const attribute = nonce === undefined ? "" : ` nonce="${HTMLEncode(nonce)}"`;
  const script = `${first ? `${swap};` : ""}$miqroSwap("${id}")`;
  return [`<template id="${id}c">`, `</template><script${attribute}>${script}</script>`];
}
