import { ArgumentError } from "../errors.js";

/** The arguments for `server.listen(...endpoint)` of Node: a port and an address, or the path of a socket or pipe. */
export type Endpoint = readonly [port: number, host: string] | readonly [path: string];

const defaultPort = 3000;

/**
 * Parses an address to listen on: `tcp://HOST:PORT` (default port 3000), `unix:PATH`, or `pipe:\\.\pipe\NAME` on
 * Windows.
 *
 * @throws {ArgumentError} that names the three forms.
 */
export function parseEndpoint(text: string): Endpoint {
  const scheme = /^([a-z][a-z0-9+.-]*:)/i.exec(text)?.[1]?.toLowerCase();
  switch (scheme) {
    case "tcp:":
      return parseAddress(text);
    case "unix:":
      return [parseSocketPath(text)];
    case "pipe:":
      return [parsePipe(text)];
    default:
      throw new ArgumentError(
        `Unknown --listen endpoint scheme (protocol): ${scheme ?? JSON.stringify(text)}. Write tcp://HOST:PORT, unix:PATH, or pipe:\\\\.\\pipe\\NAME.`,
      );
  }
}

function parseAddress(text: string): Endpoint {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isBare =
    url !== undefined &&
    /^\/?$/.test(url.pathname) &&
    url.search === "" &&
    url.hash === "" &&
    url.username === "";
  if (url === undefined || url.hostname === "" || !isBare) {
    throw new ArgumentError(
      `Invalid TCP endpoint: ${text}. Write tcp://HOST:PORT, such as tcp://0.0.0.0:3000.`,
    );
  }
  const port = url.port === "" ? defaultPort : Number(url.port);
  // Node takes an IPv6 address without the brackets that separate it from the port.
  return [port, url.hostname.replace(/^\[(.*)\]$/, "$1")];
}

function parseSocketPath(text: string): string {
  const path = text.slice("unix:".length).replace(/^\/\/(?=\/)/, "");
  if (path === "" || path.startsWith("//")) {
    throw new ArgumentError(
      `Invalid UNIX domain socket endpoint: ${text}. Write unix:/path/to/socket or unix:///path/to/socket.`,
    );
  }
  return path;
}

function parsePipe(text: string): string {
  const path = text.slice("pipe:".length);
  if (!path.startsWith("\\\\.\\")) {
    throw new ArgumentError(`Invalid Windows named pipe endpoint: ${text}. Write pipe:\\\\.\\pipe\\NAME.`);
  }
  return path;
}
