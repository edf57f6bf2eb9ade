/**
 * True in the minified files for pages, which leave out code that only developers and servers need:
 * `scripts/build-browser.ts` puts the other value here.
 */
export const forPage: boolean = false;
