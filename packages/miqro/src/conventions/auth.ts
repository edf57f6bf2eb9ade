import { SessionHandler, type SessionHandlerOptions } from "@miqro/core";
import type { Convention } from "./convention.js";

/** The default export of `auth.ts`. */
export type AuthConfig = SessionHandlerOptions;

/** `auth.ts` finds the session of a request. */
export const auth: Convention<AuthConfig> = {
  template: {
    name: "auth.ts",
    about: "finds the session of a request",
    text: `import type { AuthConfig } from "miqro";

export default {
  tokenLocation: "header",
  // Without a session a request gets 401. \`null\` is no session.
  verify: ({ token }) =>
    token === process.env.API_TOKEN ? { account: "main", username: "me", groups: [] } : null,
} satisfies AuthConfig;
`,
  },

  check(config, problems) {
    problems.ask(config, SessionHandler);
  },

  mount(config, router) {
    router.use(SessionHandler(config));
  },
};
