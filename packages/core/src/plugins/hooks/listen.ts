import type { HookKind } from "./hook-kind.js";

/** Parent to child: runs when the app listens (boot.ts). */
export const listen: HookKind = { parameters: "(address, app)" };
