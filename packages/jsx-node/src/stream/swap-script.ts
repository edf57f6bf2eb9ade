import { HTMLEncode } from "../escape/html-encode.js";

/** What stands in the page for a `Suspense` that is not ready. */
export function fallbackOf(id: string, html: string): string {
  return `<template id="${id}"></template>${html}<!--${id}-->`;
}

// Takes the fallback out, up to its comment, and puts the content of the template there.
const swap =
  "function $miqroSwap(i){let a=document.getElementById(i),b=document.getElementById(i+'c'),n;" +
  "if(!a||!b)return;while((n=a.nextSibling)&&!(n.nodeType==8&&n.data==i))n.remove();" +
  "n&&n.remove();a.replaceWith(b.content);b.remove()}";

/**
 * The content of a `Suspense` that has become ready, and the script that puts it into its place.
 *
 * @param first true for the first one of a page, which brings the function along
 * @param nonce what a content security policy lets inline scripts have
 */
export function arrivalOf(id: string, html: string, first: boolean, nonce: string | undefined): string {
  const attribute = nonce === undefined ? "" : ` nonce="${HTMLEncode(nonce)}"`;
  const script = `${first ? `${swap};` : ""}$miqroSwap("${id}")`;
  return `<template id="${id}c">${html}</template><script${attribute}>${script}</script>`;
}
