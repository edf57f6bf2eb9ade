import type { HookKind } from "./hook-kind.js";

/** Parent to child: runs once all plugins are set up (boot.ts). */
export const ready: HookKind = { parameters: "(app)" };
