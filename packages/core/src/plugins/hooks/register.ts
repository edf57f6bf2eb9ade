import type { HookKind } from "./hook-kind.js";

/** Parent to child: runs before a plugin is set up (boot.ts). */
export const register: HookKind = { parameters: "(plugin, router)" };
