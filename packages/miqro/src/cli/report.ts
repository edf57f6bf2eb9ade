import { relative } from "node:path";
import type { ListenAddress } from "@miqro/core";
import { packageVersion } from "./package-version.js";

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

/** Where to point a browser: an address that stands for all is reached by the name of this machine. */
export function toURL(address: ListenAddress): string {
  if (typeof address === "string") return address;
  const all = address.address === "::" || address.address === "0.0.0.0";
  const host = all ? "localhost" : address.family === "IPv6" ? `[${address.address}]` : address.address;
  return `http://${host}:${address.port}`;
}
