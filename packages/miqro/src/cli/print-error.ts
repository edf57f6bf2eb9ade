import { isAbsolute, relative } from "node:path";
import { styleText } from "node:util";
import type { Logger } from "@miqro/core";
import { exitCodes, fileReasonOf, StartError } from "../errors.js";
import type { Crash } from "../lifecycle/crash.js";
import { firstFrame } from "../service/load-module.js";

/** Writes an error to stderr, one line for each problem, with paths relative to the working directory. */
export function printError(error: unknown): void {
  for (const line of errorLines(error)) printLine(line);
}

/** Writes one line to stderr, marked as an error. */
export function printLine(line: string): void {
  console.error(`${errorMark()} ${line}`);
}

/** Writes the error that ends the server as one entry of the log: its stack, its cause and its `errors`. */
export async function printCrash({ error, what }: Crash, logger: Logger | undefined): Promise<void> {
  const log = logger ?? new (await import("@miqro/core")).Logger("MIQRO");
  log.error(
    "%s. The server answers the open requests, and then ends with exit code %d.",
    what,
    exitCodes.crash,
    error,
  );
}

/** The lines without colours: the file, the error, the remedy. */
export function errorLines(error: unknown): string[] {
  if (error instanceof StartError) {
    return error.problems.map(({ file, message }) => `${fromHere(file)}: ${shortenPaths(message)}`);
  }
  if (!(error instanceof Error)) return [String(error)];
  const { code, port, flag = "--port" } = error as NodeJS.ErrnoException & { port?: number; flag?: string };
  if (code === "EADDRINUSE") {
    return [
      `Port ${port} is already in use by another process. End that process, or choose another port with ${flag}.`,
    ];
  }
  if (code === "EACCES" && port !== undefined) {
    return [`Port ${port} may not be opened by this user. Choose a port above 1023 with ${flag}.`];
  }
  if (code === "EADDRNOTAVAIL" || code === "ENOTFOUND" || code === "EAI_AGAIN") {
    const { address, hostname } = error as { address?: string; hostname?: string };
    return [`This machine has no address "${address ?? hostname}" to listen on. Choose another with --host.`];
  }
  const { syscall, path, dest } = error as NodeJS.ErrnoException & { dest?: string };
  if (syscall !== undefined && syscall in fileVerbs) {
    return [`${fromHere(dest ?? path ?? "A file")} cannot be ${fileVerbs[syscall]}: ${fileReasonOf(error)}.`];
  }
  if (error.name === "MiqroError") return shortenPaths(error.message).split("\n");
  const where = firstFrame(error);
  const place = where === undefined ? "" : ` (${fromHere(where)})`;
  return [`${error.name}: ${shortenPaths(error.message)}${place}`];
}

/** The part of a sentence that tells what a call of the system was to do with a file. */
const fileVerbs: Readonly<Record<string, string>> = {
  ...{ open: "opened", read: "read", scandir: "read", stat: "read", lstat: "read", realpath: "read" },
  ...{ write: "written", mkdir: "made", mkdtemp: "made", copyfile: "written", rename: "written" },
  ...{ unlink: "removed", rm: "removed", rmdir: "removed", link: "made", symlink: "made" },
};

/** The beginning of a line about an error. */
export function errorMark(): string {
  return colourful() ? styleText("red", "miqro:") : "miqro:";
}

function colourful(): boolean {
  return process.stderr.isTTY === true && !process.env.NO_COLOR;
}

function fromHere(path: string): string {
  if (!isAbsolute(path)) return path;
  const seen = relative(process.cwd(), path);
  return seen.startsWith("..") ? path : seen;
}

/** Makes paths below the working directory relative. */
export function shortenPaths(message: string): string {
  return message.replaceAll(`${process.cwd()}/`, "");
}
