import type { ListenAddress } from "@miqro/core";
import { MiqroError } from "../errors.js";

/**
 * Reads a port; without one it is 8080, and 8443 with HTTPS.
 * @param what - the name of the value in the message
 * @throws {MiqroError} `MIQRO_ARGUMENT` if it is not a port
 */
export function toPort(
  port: string | number | undefined,
  what: string = "The port",
  https: boolean = false,
): number {
  if (port === undefined || port === "") return https ? 8443 : 8080;
  const number = /^\d{1,5}$/.test(String(port)) ? Number(port) : Number.NaN;
  if (number <= 65_535) return number;
  throw new MiqroError("MIQRO_ARGUMENT", `${what} is "${port}", but must be a number from 0 to 65535.`);
}

/** The URL for a browser: `localhost` replaces an address that stands for all addresses. */
export function toURL(address: ListenAddress, https: boolean = false): string {
  if (typeof address === "string") return address;
  const all = address.address === "::" || address.address === "0.0.0.0";
  const host = all ? "localhost" : address.family === "IPv6" ? `[${address.address}]` : address.address;
  return `${https ? "https" : "http"}://${host}:${address.port}`;
}
