import { SessionHandler, type SessionHandlerOptions } from "@miqro/core";
import type { Convention } from "./convention.js";

/** What `auth.ts` exports by default. */
export type AuthConfig = SessionHandlerOptions;

/** `auth.ts`: who sent a request. */
export const auth: Convention<AuthConfig> = {
  check(config, problems) {
    problems.ask(config, SessionHandler);
  },

  mount(config, router) {
    router.use(SessionHandler(config));
  },
};
