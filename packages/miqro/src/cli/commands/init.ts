import type { CommandArguments } from "../arguments.js";
export function init(_args: CommandArguments): number { return 0; }
