import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { TestContext } from "node:test";
import { type RequestHandler, serve } from "@miqro/core/micro";

/** An answer, as a client sees it. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: string;
}

/** Asks a server. */
export interface Ask {
  (path?: string, init?: RequestInit): Promise<Answer>;
  /** Asks, and goes away with the first bytes of the answer. */
  cut(): Promise<void>;
}

/** Listens on a free port until the test ends. */
export async function listen(t: TestContext, server: Server): Promise<Ask> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return askerOf((server.address() as AddressInfo).port);
}

/** Asks whatever listens on a port. */
export function askerOf(port: number): Ask {
  const url = `http://127.0.0.1:${port}`;
  const ask = async (path = "/", init: RequestInit = {}): Promise<Answer> => {
    const answer = await fetch(url + path, init);
    return { status: answer.status, headers: answer.headers, body: await answer.text() };
  };
  const cut = async (): Promise<void> => {
    const answer = await fetch(url);
    const reader = answer.body?.getReader();
    await reader?.read();
    await reader?.cancel();
  };
  return Object.assign(ask, { cut });
}

/** The ways in which a function is served: all of them have to answer alike. */
export const ways: Readonly<Record<string, (t: TestContext, fn: RequestHandler) => Promise<Ask>>> = {
  "by a server of node:http": (t, fn) => listen(t, createServer(serve(fn))),
  "by its own listen": async (t, fn) => {
    const service = serve(fn);
    t.after(() => service.close({ drainIdle: 0, timeout: 100 }));
    const address = await service.listen({ port: 0, host: "127.0.0.1" });
    return askerOf((address as AddressInfo).port);
  },
};

/** Keeps what is written to stderr by `console.error` until the test ends. */
export function catchErrors(t: TestContext): string[] {
  const lines: string[] = [];
  t.mock.method(console, "error", (...values: unknown[]) => lines.push(values.join(" ")));
  return lines;
}

/** Sets a variable of the environment until the test ends. */
export function setEnvironment(t: TestContext, name: string, value: string): void {
  const before = process.env[name];
  process.env[name] = value;
  t.after(() => {
    if (before === undefined) delete process.env[name];
    else process.env[name] = before;
  });
}
