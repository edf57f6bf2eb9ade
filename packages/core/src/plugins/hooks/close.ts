import type { HookKind } from "./hook-kind.js";

/** Child to parent, the last first: runs when everything else has ended (start.ts). */
export const close: HookKind = { parameters: "(app)" };
