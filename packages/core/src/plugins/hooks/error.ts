import type { HookKind } from "./hook-kind.js";

/** Child to parent, in the order of registration: error handlers in front of those of `catch`. */
export const error: HookKind = {
  parameters: "(err, req, res)",
  compile(functions, { catchers }) {
    catchers.push(...functions);
  },
};
