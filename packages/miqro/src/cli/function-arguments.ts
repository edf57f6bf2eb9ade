import { parseArgs } from "node:util";
import type { ListenOptions } from "@miqro/core";
import { parseEndpoint } from "@miqro/core/micro";

/** The checked command line of `miqro FILE`. */
export interface FunctionArguments {
  /** The file that exports the function; absent if the package.json of the folder decides. */
  readonly file: string | undefined;
  /** The addresses to listen at. */
  readonly endpoints: readonly ListenOptions[];
  readonly help: boolean;
  readonly version: boolean;
}

/** An error that stops a function from being served. It ends the process with exit code 1, as in micro. */
export class FunctionError extends Error {
  /** Its name in micro's documentation. */
  readonly code: string;

  constructor(code: string, message: string, cause?: unknown) {
    super(message, { cause });
    this.name = "FunctionError";
    this.code = code;
  }
}

const known = {
  listen: { type: "string", short: "l", multiple: true },
  port: { type: "string", short: "p" },
  host: { type: "string", short: "H" },
  socket: { type: "string", short: "s" },
  help: { type: "boolean", short: "h" },
  version: { type: "boolean", short: "v" },
} as const;

/** Reads the arguments of `miqro FILE`. */
export function parseFunctionArguments(args: readonly string[]): FunctionArguments {
  const { values, positionals } = readArguments(args);
  if (positionals.length > 1) {
    throw new FunctionError(
      "STARTUP_FAILURE",
      `miqro serves one file, not ${positionals.length}: ${positionals.join(", ")}.`,
    );
  }
  return {
    file: positionals[0],
    endpoints: toEndpoints(values),
    help: values.help === true,
    version: values.version === true,
  };
}

function readArguments(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: known, allowPositionals: true });
  } catch (error) {
    // Node.js continues with how a file with such a name could be given.
    const [reason = ""] = (error as Error).message.split(". ");
    throw new FunctionError("STARTUP_FAILURE", `${reason.replace(/\.$/, "")}. See miqro FILE --help.`);
  }
}

interface EndpointFlags {
  readonly listen?: readonly string[];
  readonly port?: string;
  readonly host?: string;
  readonly socket?: string;
}

function toEndpoints({ listen = [], port, host, socket }: EndpointFlags): ListenOptions[] {
  const endpoints = listen.map(readEndpoint);
  if (socket !== undefined) {
    if (port !== undefined) {
      throw new FunctionError("invalid-port-socket", "Use a port or the path of a socket, not both.");
    }
    if (socket === "") throw new FunctionError("invalid-socket", "The path of a socket is empty.");
    endpoints.push({ path: socket });
  }
  if (port !== undefined || host !== undefined) endpoints.push(toOptions(readPort(port), host));
  return endpoints;
}

function readEndpoint(text: string): ListenOptions {
  try {
    const [first, host] = parseEndpoint(text);
    return typeof first === "number" ? toOptions(first, host) : { path: first };
  } catch (error) {
    throw new FunctionError("STARTUP_FAILURE", (error as Error).message);
  }
}

function toOptions(port: number, host: string | undefined): ListenOptions {
  return host === undefined ? { port } : { port, host };
}

function readPort(text = "3000"): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port < 1 || port > 65_535) {
    throw new FunctionError(
      "invalid-server-port",
      `A port is a whole number from 1 to 65535, not "${text}".`,
    );
  }
  return port;
}
