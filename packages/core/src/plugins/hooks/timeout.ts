import type { ErrorHandler } from "../../exchange/types.js";
import type { HookKind } from "./hook-kind.js";

/** Child to parent: error handlers, in front of all others, that only see what took too long. */
export const timeout: HookKind = {
  parameters: "(req, res)",
  compile(functions, { timeouts }) {
    const own = functions.map(
      (run): ErrorHandler =>
        (err, req, res) =>
          (err as { code?: unknown }).code === "HANDLER_TIMEOUT" ? run(req, res) : undefined,
    );
    timeouts.unshift(...own);
  },
};
