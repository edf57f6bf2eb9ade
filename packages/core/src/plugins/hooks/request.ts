import type { HookKind } from "./hook-kind.js";

/** Parent to child, in the order of registration: the steps of a request that enters the scope. */
export const request: HookKind = {
  parameters: "(req, res)",
  compile(functions, { guards }) {
    for (const run of functions) guards.push({ run: run as (typeof guards)[number]["run"], answers: false });
  },
};
