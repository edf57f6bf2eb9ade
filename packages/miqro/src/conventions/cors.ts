import { CORS, type CORSOptions } from "@miqro/core";
import type { Convention } from "./convention.js";

/**
 * `cors.ts`: which pages of other origins may read the answers of its service. Only the `CORS` around the requested
 * route or file decides about a request.
 */
export const cors: Convention<CORSOptions> = {
  template: {
    name: "cors.ts",
    about: "which pages of other origins may read answers",
    text: `import type { CORSOptions } from "miqro";

export default {
  origins: ["https://example.com"],
} satisfies CORSOptions;
`,
  },

  check(config, problems) {
    problems.ask(config, CORS);
  },

  mount(config, router) {
    router.use(CORS(config));
  },
};
