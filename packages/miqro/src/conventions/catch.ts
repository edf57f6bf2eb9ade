import type { ErrorHandler } from "@miqro/core";
import { checkFields } from "../options/check-fields.js";
import type { Convention } from "./convention.js";

/** What `catch.ts` exports by default. */
export interface ErrorConfig {
  catch: ErrorHandler | ErrorHandler[];
}

/** `catch.ts`: answers errors of its service, and what nothing answered after its service was asked. */
export const catchConvention: Convention<ErrorConfig> = {
  check(config, problems, what) {
    for (const message of checkFields(config, { catch: "function|function[]" }, what)) problems.add(message);
  },

  mount(config, router) {
    for (const handler of [config.catch].flat()) router.catch(handler).unanswered(handler);
  },
};
