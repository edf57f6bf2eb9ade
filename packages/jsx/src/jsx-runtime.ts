// Imports the functions from the main entry, so that a page loads one copy of them. See scripts/build-browser.ts.
export { Fragment, jsx, jsx as jsxs } from "./index.js";
export type { JSX } from "./types/jsx-namespace.js";
