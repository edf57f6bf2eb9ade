import { connect, createServer, type Server, type Socket } from "node:net";
import type { TestContext } from "node:test";

/** What the relay does with a client that comes. */
export type RelayMode = "pass" | "refuse" | "starting";

/** The answer of a server that is not ready yet. */
const starting = (() => {
  const fields = "SFATAL\0VFATAL\0C57P03\0Mthe database system is starting up\0\0";
  const head = Buffer.alloc(5);
  head.write("E");
  head.writeInt32BE(4 + fields.length, 1);
  return Buffer.concat([head, Buffer.from(fields)]);
})();

/** Stands between this process and the server, and can be the outage of either. */
export interface Relay {
  readonly url: string;
  mode: RelayMode;
  /** How many clients came since the beginning. */
  readonly clients: number;
  /** Cuts every connection. */
  cut(): void;
  /** Listens no more; `listen` does again, at the same address. */
  close(): Promise<void>;
  listen(): Promise<void>;
}

export async function startRelay(context: TestContext, connectionString: string): Promise<Relay> {
  const target = new URL(connectionString);
  const sockets = new Set<Socket>();
  let server: Server;
  let port = 0;
  let clients = 0;
  const relay = {
    mode: "pass" as RelayMode,
    get clients() {
      return clients;
    },
    get url() {
      const url = new URL(connectionString);
      url.hostname = "127.0.0.1";
      url.port = String(port);
      return url.href;
    },
    cut() {
      for (const socket of sockets) socket.destroy();
      sockets.clear();
    },
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        relay.cut();
      }),
    async listen() {
      server = createServer((near) => {
        clients++;
        near.on("error", () => {});
        sockets.add(near);
        if (relay.mode === "refuse") near.destroy();
        else if (relay.mode === "starting") near.once("data", () => near.end(starting));
        else {
          const far = connect(Number(target.port), target.hostname);
          far.on("error", () => {});
          sockets.add(far);
          near.pipe(far).pipe(near);
        }
      });
      await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
      port = (server.address() as { port: number }).port;
    },
  };
  await relay.listen();
  context.after(() => relay.close());
  return relay;
}
