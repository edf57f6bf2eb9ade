import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { fileURLToPath } from "node:url";
import { median } from "./median.ts";

// V8 makes the young generation larger for programs that allocate much while they start, and whoever has the larger one
// is then ahead by 3 to 5%. Here all get the largest at once.
const sameHeap = ["--min-semi-space-size=16", "--max-semi-space-size=16"];
const lastChunk = "\r\n0\r\n\r\n";
const keepConnections = ["--import", new URL("./keep-connections.ts", import.meta.url).href];

/** What one slice cost. */
export interface LoadSlice {
  /** Of the server's process, user and system, per request, in microseconds. */
  readonly cpu: number;
  /** On the clock, per request, in microseconds. */
  readonly time: number;
}

/** A server in a process of its own, and connections to it that stay open. */
export class LoadedServer {
  readonly name: string;
  readonly slices: LoadSlice[] = [];
  readonly #child: ChildProcess;
  readonly #sockets: Socket[];
  readonly #next: () => Buffer | string;
  /** Of an answer, unless it comes in chunks: those can be cut differently each time. */
  #length: number | undefined;

  private constructor(name: string, child: ChildProcess, sockets: Socket[], next: () => Buffer | string) {
    this.name = name;
    this.#child = child;
    this.#sockets = sockets;
    this.#next = next;
  }

  /**
   * Starts a server: a module that sends `{ port }` to its parent when it listens, and `process.cpuUsage()` when it is
   * asked for anything.
   *
   * @param request The bytes of the requests that it will get, or what makes the bytes of each.
   */
  static async start(
    name: string,
    module: string,
    args: readonly string[],
    request: string | (() => string),
    connections = 16,
  ): Promise<LoadedServer> {
    const child = fork(fileURLToPath(module), args, {
      env: { ...process.env, NODE_ENV: "production" },
      execArgv: [...process.execArgv, ...sameHeap, ...keepConnections],
    });
    const [{ port }] = (await once(child, "message")) as [{ port: number }];
    const sockets = await Promise.all(
      Array.from({ length: connections }, async () => {
        const socket = connect(port, "127.0.0.1").setNoDelay(true);
        await once(socket, "connect");
        return socket;
      }),
    );
    const bytes = typeof request === "string" ? Buffer.from(request) : undefined;
    return new LoadedServer(
      name,
      child,
      sockets,
      bytes === undefined ? (request as () => string) : () => bytes,
    );
  }

  /** Sends one request and gives the whole answer. All others must be as long, unless they come in chunks. */
  async probe(): Promise<string> {
    const [socket] = this.#sockets;
    if (socket === undefined) throw new RangeError("There is no connection.");
    let answer = "";
    socket.write(this.#next());
    while (!isWhole(answer)) {
      const [chunk] = (await once(socket, "data")) as [Buffer];
      answer += chunk.toString("latin1");
    }
    this.#length = /\r\ntransfer-encoding: chunked\r\n/i.test(answer) ? undefined : answer.length;
    return answer;
  }

  /** Sends that many requests, one at a time on each connection, and keeps what they cost unless it is to warm up. */
  async run(count: number, keep = true): Promise<void> {
    const before = await this.#ask();
    const started = process.hrtime.bigint();
    const share = Math.ceil(count / this.#sockets.length);
    await Promise.all(this.#sockets.map((socket) => this.#send(socket, share)));
    const time = Number(process.hrtime.bigint() - started) / 1000;
    const after = await this.#ask();
    const total = share * this.#sockets.length;
    const cpu = after.user + after.system - before.user - before.system;
    if (keep) this.slices.push({ cpu: cpu / total, time: time / total });
  }

  /** What the server's heap holds after a collection, in bytes. */
  async memory(): Promise<number> {
    this.#child.send("memory");
    const [bytes] = (await once(this.#child, "message")) as [number];
    return bytes;
  }

  stop(): void {
    for (const socket of this.#sockets) socket.destroy();
    this.#child.kill("SIGKILL");
  }

  #send(socket: Socket, count: number): Promise<void> {
    return new Promise((resolve, reject) => {
      let end = this.#createEnd();
      let left = count;
      const onData = (chunk: Buffer): void => {
        const missing = end(chunk);
        if (missing > 0) return;
        if (missing < 0) reject(new Error(`${this.name} answers with another length.`));
        if (--left === 0) {
          socket.off("data", onData).off("close", onClose);
          resolve();
          return;
        }
        end = this.#createEnd();
        socket.write(this.#next());
      };
      const onClose = (): void => reject(new Error(`${this.name} closed a connection.`));
      if (socket.destroyed) onClose();
      socket.on("data", onData).on("close", onClose);
      socket.write(this.#next());
    });
  }

  /** Makes what tells how many bytes of an answer are missing after each part of it: at least 1, or 0 at its end. */
  #createEnd(): (part: Buffer) => number {
    let missing = this.#length;
    if (missing !== undefined) {
      return (part) => {
        missing = (missing as number) - part.length;
        return missing;
      };
    }
    let tail = "";
    return (part) => {
      tail = (tail + part.toString("latin1", Math.max(0, part.length - lastChunk.length))).slice(
        -lastChunk.length,
      );
      return tail === lastChunk ? 0 : 1;
    };
  }

  async #ask(): Promise<NodeJS.CpuUsage> {
    this.#child.send("cpu");
    const [usage] = (await once(this.#child, "message")) as [NodeJS.CpuUsage];
    return usage;
  }
}

/** How cheap one is as a part of another: the median over slices that ran beside each other. */
export function ratio(of: LoadedServer, to: LoadedServer, field: keyof LoadSlice): number {
  return median(of.slices.map((slice, index) => (to.slices[index]?.[field] ?? 0) / slice[field]));
}

function isWhole(answer: string): boolean {
  const end = answer.indexOf("\r\n\r\n");
  if (end === -1) return false;
  if (answer.startsWith("HTTP/1.1 304 ")) return true;
  const length = /\r\ncontent-length: (\d+)/i.exec(answer.slice(0, end));
  return length === null ? answer.endsWith(lastChunk) : answer.length >= end + 4 + Number(length[1]);
}
