import { statSync } from "node:fs";

/**
 * Whether the arguments are those of `miqro FILE`: they begin with a file, or with a flag that only micro has. A flag of
 * miqro's own before the file says that it is not.
 */
export function isFunctionCall(args: readonly string[]): boolean {
  for (let index = 0; index < args.length; index++) {
    const arg = args[index] as string;
    if (/^-[lpHs]|^--(?:listen|socket)(?:=|$)/.test(arg)) return true;
    if (arg === "--port" || arg === "--host") index++;
    else if (/^--(?:port|host)=|^--(?:help|version)$|^-[hv]$/.test(arg)) continue;
    else return !arg.startsWith("-") && isFile(arg);
  }
  return false;
}

// A word that is neither a file nor named like one is left to the commands of miqro, which know what may be meant.
function isFile(path: string): boolean {
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats === undefined ? /\.[cm]?[jt]sx?$/.test(path) : !stats.isDirectory();
}
