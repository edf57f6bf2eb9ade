import type { HookKind } from "./hook-kind.js";

/** Child to parent, in the order of registration: error handlers before the handlers of `catch`. */
export const error: HookKind = {
  parameters: "(err, req, res)",
  compile(functions, { catchers }) {
    catchers.push(...functions);
  },
};
