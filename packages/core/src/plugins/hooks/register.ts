import type { HookKind } from "./hook-kind.js";

/** Parent to child: runs before a plugin is set up (start.ts). */
export const register: HookKind = { parameters: "(plugin, router)" };
