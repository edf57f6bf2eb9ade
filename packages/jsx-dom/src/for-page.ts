/**
 * True in the minified files for browsers. They leave out code that only developers and servers need.
 * `scripts/build-browser.ts` replaces this value.
 */
export const forPage: boolean = false;
