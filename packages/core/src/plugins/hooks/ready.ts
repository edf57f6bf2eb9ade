import type { HookKind } from "./hook-kind.js";

/** Parent to child: runs once all plugins are set up (start.ts). */
export const ready: HookKind = { parameters: "(app)" };
