import { type Middleware, Router } from "@miqro/core";
import { checkFields, type Fields } from "../options/check-fields.js";
import type { Convention } from "./convention.js";

/** The default export of `middleware.ts`. */
export interface MiddlewareConfig {
  /** Runs before the routes of the service. */
  middleware?: Middleware | Middleware[];
  /** Runs after the answer to every request that entered the service. */
  post?: Middleware | Middleware[];
}

/** `middleware.ts`: runs before the routes of its service, and after its answers. */
export const middleware: Convention<MiddlewareConfig> = {
  template: {
    name: "middleware.ts",
    about: "runs before the routes, and after the answer",
    text: `import type { MiddlewareConfig } from "miqro";

export default {
  middleware: (req) => req.logger.info("%s %s", req.method, req.path),
} satisfies MiddlewareConfig;
`,
  },

  check(config, problems, what) {
    const fields: Fields = { middleware: "function|function[]?", post: "function|function[]?" };
    const messages = checkFields(config, fields, what);
    for (const message of messages) problems.add(message);
    if (messages.length === 0) problems.ask(config, (asked) => mount(asked, new Router()));
  },

  mount,
};

function mount({ middleware = [], post = [] }: MiddlewareConfig, router: Router): void {
  for (const handler of [middleware].flat()) router.use(handler);
  for (const handler of [post].flat()) router.after(handler);
}
