import type { ErrorHandler } from "@miqro/core";
import { checkFields } from "../options/check-fields.js";
import type { Convention } from "./convention.js";

/** The default export of `catch.ts`. */
export interface ErrorConfig {
  /** One or more functions `(err, req, res)`. A function that does not answer leaves the error to the next one. */
  catch: ErrorHandler | ErrorHandler[];
}

/** `catch.ts`: handles errors of its service, and requests that reached the service and that nothing answered. */
export const catchConvention: Convention<ErrorConfig> = {
  template: {
    name: "catch.ts",
    about: "answers errors",
    text: `import { type ErrorConfig, HttpError } from "miqro";

export default {
  catch(err, req, res) {
    const status = err instanceof HttpError ? err.status : 500;
    if (status === 500) req.logger.error(err);
    return res.json({ error: err.message }, {}, status);
  },
} satisfies ErrorConfig;
`,
  },

  check(config, problems, what) {
    for (const message of checkFields(config, { catch: "function|function[]" }, what)) problems.add(message);
  },

  mount(config, router) {
    for (const handler of [config.catch].flat()) router.catch(handler).unanswered(handler);
  },
};
