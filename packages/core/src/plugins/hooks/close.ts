import type { HookKind } from "./hook-kind.js";

/** Child to parent, the last first: runs when nothing is left to be done (boot.ts). */
export const close: HookKind = { parameters: "(app)" };
