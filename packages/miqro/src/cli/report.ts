import { readFileSync } from "node:fs";
import { relative } from "node:path";
import type { ListenAddress } from "@miqro/core";
import { toURL } from "../lifecycle/address.js";

/** Tells that a compiler is being waited for. */
export function reportWait(file: string, count: number): void {
  const others = count > 1 ? ` and ${count - 1} more` : "";
  console.log(`Waiting for tsc to write ${relative(process.cwd(), file)}${others} ...`);
}

/** Tells where the server is, once it is there. */
export function reportListening(address: ListenAddress, startedMS: number): void {
  const took = Math.round(performance.now() - startedMS);
  console.log(`miqro ${packageVersion()} on ${toURL(address)} (${took} ms)`);
}

/** The version in miqro's own package.json. */
export function packageVersion(): string {
  const path = new URL("../../package.json", import.meta.url);
  return (JSON.parse(readFileSync(path, "utf8")) as { version: string }).version;
}
