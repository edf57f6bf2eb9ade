// The values come through the main entry, so that a page loads one copy of them: see scripts/build-browser.ts.
export { Fragment, jsx, jsx as jsxs } from "./index.js";
export type { JSX } from "./types/jsx-namespace.js";
