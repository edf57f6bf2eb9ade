import { connect } from "node:net";
import { App, type AppOptions, Logger, type LogRecord } from "@miqro/core";

/** A running app on a free port, and what it logged. */
export interface Served extends AsyncDisposable {
  readonly app: App;
  readonly port: number;
  readonly url: string;
  readonly lines: LogRecord[];
  fetch(path: string, init?: RequestInit): Promise<globalThis.Response>;
  /** Sends bytes on a fresh connection and resolves to all that came back until it closed. */
  raw(bytes: string): Promise<string>;
}

export async function serve(set: (app: App) => void, options: AppOptions = {}): Promise<Served> {
  const lines: LogRecord[] = [];
  const loggerFactory = (identifier: string): Logger =>
    new Logger(identifier, "info", { transports: [{ write: (record) => void lines.push(record) }] });
  const app = new App({ loggerFactory, ...options });
  set(app);
  const address = await app.listen({ port: 0, host: "127.0.0.1" });
  if (typeof address === "string") throw new Error("expected a port");
  const url = `http://127.0.0.1:${address.port}`;
  return {
    app,
    port: address.port,
    url,
    lines,
    fetch: (path, init) => fetch(url + path, { redirect: "manual", ...init }),
    raw: (bytes) => sendRaw(address.port, bytes),
    [Symbol.asyncDispose]: () => app.close({ drainIdle: 0, timeout: 500 }),
  };
}

export function sendRaw(port: number, bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1");
    let received = "";
    socket.setEncoding("latin1");
    socket.on("data", (chunk) => {
      received += chunk;
    });
    socket.on("error", reject);
    socket.on("close", () => resolve(received));
    socket.write(bytes, "latin1");
  });
}

/** The head of a request that closes its connection. */
export function request(line: string, ...headers: string[]): string {
  return `${[`${line} HTTP/1.1`, "Host: localhost", "Connection: close", ...headers].join("\r\n")}\r\n\r\n`;
}
