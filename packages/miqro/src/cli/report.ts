import { readFileSync } from "node:fs";
import { relative } from "node:path";
import type { ListenAddress } from "@miqro/core";
import { toURL } from "../lifecycle/address.js";
import type { StartReport } from "../watch/reporter.js";

/** Reports that miqro waits for a compiler. */
export function reportWait(file: string, count: number): void {
  const others = count > 1 ? ` and ${count - 1} more` : "";
  console.log(`Waiting for tsc to write ${relative(process.cwd(), file)}${others} ...`);
}

/** Reports settings and files that exist but are not read. */
export function reportNotes(notes: readonly string[]): void {
  for (const note of notes) console.error(note);
}

/** Reports files that the user probably expects to be read, but that are not read. */
export function reportHint(file: string, message: string): void {
  console.error(describeHint(file, message));
}

/** A hint about a file, in one line, with paths relative to the working directory. */
export function describeHint(file: string, message: string): string {
  return `${relative(process.cwd(), file)}: ${message.replaceAll(`${process.cwd()}/`, "")}`;
}

/** Prints the address of the server when it listens. */
export function reportListening(address: ListenAddress, start: StartReport): void {
  console.log(`miqro ${packageVersion()} on ${toURL(address, start.options.https)} (${details(start)})`);
}

/** Prints the address of the workers when all of them listen. */
export function reportWorkers(address: ListenAddress, workers: number, start: StartReport): void {
  const count = workers === 1 ? "1 worker" : `${workers} workers`;
  console.log(
    `miqro ${packageVersion()} on ${toURL(address, start.options.https)} (${details(start, count)})`,
  );
}

/** The duration of the start, the HTTP port that redirects, and the settings whose source a user may not expect. */
function details({ startedMS, options, origins }: StartReport, ...more: readonly string[]): string {
  const { https, httpsRedirect } = options;
  const redirect =
    https === true && httpsRedirect !== undefined ? [`HTTP on ${httpsRedirect} redirects there`] : [];
  return [`${Math.round(performance.now() - startedMS)} ms`, ...more, ...redirect, ...origins].join(", ");
}

/** The version in miqro's own package.json. */
export function packageVersion(): string {
  const path = new URL("../../package.json", import.meta.url);
  return (JSON.parse(readFileSync(path, "utf8")) as { version: string }).version;
}
