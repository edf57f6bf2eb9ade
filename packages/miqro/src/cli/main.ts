import { existsSync, readFileSync, statSync } from "node:fs";
import { exitCodes, MiqroError } from "../errors.js";
import { waitingFor } from "../service/waiting.js";
import { parseArguments } from "./arguments.js";
import { commands } from "./commands.js";
import type { EndSignals } from "./end-signals.js";
import { guardOutput, keepCode } from "./prepare-process.js";

/**
 * Runs the command line.
 * @param args - the arguments after the program's name
 * @param signals - the signals that have arrived, and that will arrive, to end it
 * @param serve - runs if no other command is selected; `cluster` serves in worker processes
 * @returns the exit code
 */
export async function main(
  args: readonly string[],
  signals: EndSignals,
  serve: "serve" | "cluster" = "serve",
): Promise<number> {
  keepCode();
  guardOutput();
  process.once("beforeExit", reportStandstill);
  try {
    if (isFunctionCall(args))
      return await (await import("./commands/function.js")).serveFunction(args, signals);
    const parsed = parseArguments(args);
    const inWorkers = serve === "cluster" && parsed.command === "serve";
    const command = inWorkers
      ? (await import("./commands/cluster.js")).cluster
      : await commands[parsed.command].load();
    return await command(parsed, signals);
  } catch (error) {
    (await import("./print-error.js")).printError(error);
    return exitCodeOf(error);
  } finally {
    process.off("beforeExit", reportStandstill);
  }
}

/** The event loop is empty, but a command has not finished. */
async function reportStandstill(): Promise<void> {
  process.exitCode = exitCodes.start;
  const { printLine, shortenPaths } = await import("./print-error.js");
  const what = waitingFor().at(-1) ?? "the command";
  printLine(shortenPaths(`${what} never ends, because it waits for a promise that nothing settles.`));
}

function exitCodeOf(error: unknown): number {
  if (!(error instanceof MiqroError)) return exitCodes.start;
  const isArgument = ["MIQRO_ARGUMENT", "MIQRO_CONFIG", "MIQRO_NOT_AVAILABLE"].includes(error.code);
  return isArgument ? exitCodes.arguments : exitCodes.start;
}

/**
 * Whether the arguments are those of `miqro FILE`: they begin with a file, or with a flag that only micro has. If a
 * flag of miqro comes before the file, they are not.
 */
function isFunctionCall(args: readonly string[]): boolean {
  for (let index = 0; index < args.length; index++) {
    const arg = args[index] as string;
    if (/^-[lpHs]|^--(?:listen|socket)(?:=|$)/.test(arg)) return true;
    if (arg === "--port" || arg === "--host") index++;
    else if (/^--(?:port|host)=|^--(?:help|version)$|^-[hv]$/.test(arg)) continue;
    else return !arg.startsWith("-") && isFile(arg);
  }
  return false;
}

// If a word is neither a file nor looks like the name of a file, the commands of miqro report it, because they can
// suggest the right word.
function isFile(path: string): boolean {
  if (path === "." || path === "./") return hasMain();
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats === undefined ? /\.[cm]?[jt]sx?$/.test(path) : !stats.isDirectory();
}

/** Whether the folder has the file that its package.json names as "main", else index.js: `npm init` names one that is not there. */
function hasMain(): boolean {
  try {
    const { main = "index.js" } = JSON.parse(readFileSync("package.json", "utf8")) as { main?: unknown };
    return typeof main === "string" && statSync(main).isFile();
  } catch {
    return existsSync("index.js");
  }
}
