import { once } from "node:events";
import { Agent, request } from "node:http";
import { connect } from "node:net";

/** What clients saw. */
export interface ReloadCounts {
  requests: number;
  failed: number;
  /** WebSockets that were closed by a close frame, after which the client came back. */
  closed: number;
  /** WebSockets that ended without one, or that could not come back. */
  cut: number;
  readonly errors: Map<string, number>;
}

/** Clients that ask without a pause: with connections that stay open, with new ones, and by WebSockets. */
export class ReloadLoad {
  readonly counts: ReloadCounts = { requests: 0, failed: 0, closed: 0, cut: 0, errors: new Map() };
  readonly pids = new Set<string>();
  readonly #port: number;
  readonly #clients: Promise<void>[];
  readonly #agents: Agent[] = [];
  #isOn = true;

  constructor(port: number) {
    this.#port = port;
    this.#clients = [
      ...Array.from({ length: 16 }, () => this.#ask(new Agent({ keepAlive: true, maxSockets: 1 }))),
      ...Array.from({ length: 4 }, () => this.#ask(undefined)),
      ...Array.from({ length: 8 }, () => this.#keepSocket()),
    ];
  }

  async end(): Promise<ReloadCounts> {
    this.#isOn = false;
    await Promise.all(this.#clients);
    for (const agent of this.#agents) agent.destroy();
    return this.counts;
  }

  async #ask(agent: Agent | undefined): Promise<void> {
    if (agent !== undefined) this.#agents.push(agent);
    while (this.#isOn) {
      try {
        this.pids.add(await get(this.#port, agent));
        this.counts.requests++;
      } catch (error) {
        const code = (error as { code?: string }).code ?? String(error);
        this.counts.failed++;
        this.counts.errors.set(code, (this.counts.errors.get(code) ?? 0) + 1);
      }
    }
  }

  async #keepSocket(): Promise<void> {
    while (this.#isOn) {
      const socket = connect(this.#port, "127.0.0.1");
      const head =
        "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==";
      socket.write(`GET / HTTP/1.1\r\nHost: x\r\n${head}\r\n\r\n`);
      let received: Buffer = Buffer.alloc(0);
      socket.on("data", (chunk: Buffer) => {
        received = Buffer.concat([received, chunk]);
      });
      socket.on("error", () => {});
      const timer = setInterval(() => {
        if (!this.#isOn) socket.destroy();
      }, 20);
      await once(socket, "close");
      clearInterval(timer);
      if (!this.#isOn) return;
      const isClean =
        received.toString("latin1").startsWith("HTTP/1.1 101") && received.includes(Buffer.from([0x88, 2]));
      if (isClean) this.counts.closed++;
      else this.counts.cut++;
    }
  }
}

export function get(port: number, agent?: Agent): Promise<string> {
  return new Promise((resolve, reject) => {
    const options = { host: "127.0.0.1", port, agent: agent ?? false, signal: AbortSignal.timeout(10_000) };
    const req = request(options, (res) => {
      let body = "";
      res.setEncoding("utf8").on("data", (chunk: string) => {
        body += chunk;
      });
      res.on("error", reject).on("end", () => resolve(body));
    });
    req.on("error", reject).end();
  });
}
