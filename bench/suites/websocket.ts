import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { fileURLToPath } from "node:url";
import { median } from "../lib/median.ts";
import { atLeast, atMost, type Result } from "../lib/result.ts";

const module = fileURLToPath(new URL("./websocket/server.ts", import.meta.url));
const slices = Number(process.env.SLICES ?? 40);
const warmUp = 8;
const idleClients = Number(process.env.CLIENTS ?? 10_000);
/** The number of connections that are opened at the same time. */
const atOnce = 50;
const handshake =
  "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
/** A text of 200 bytes as a server sends it: two bytes of head, and two of length. */
const frameLength = 204;
/** The same as a client sends it, with a mask of zeros. */
const sent = Buffer.concat([
  Buffer.from([0x81, 0x80 | 126, 0, 200, 0, 0, 0, 0]),
  Buffer.from("x".repeat(200)),
]);

/** A server in a process of its own, and clients that only count bytes. */
class Contestant {
  readonly name: string;
  readonly cpu: number[] = [];
  readonly time: number[] = [];
  readonly #child: ChildProcess;
  readonly #port: number;
  readonly #sockets: Socket[] = [];
  #missing = 0;
  #done = (): void => {};

  private constructor(name: string, child: ChildProcess, port: number) {
    this.name = name;
    this.#child = child;
    this.#port = port;
  }

  static async start(name: string, clients: number): Promise<Contestant> {
    const child = fork(module, [name], {
      env: { ...process.env, NODE_ENV: "production" },
      execArgv: [...process.execArgv, "--expose-gc"],
    });
    const [{ port }] = (await once(child, "message")) as [{ port: number }];
    const contestant = new Contestant(name, child, port);
    await contestant.connect(clients);
    return contestant;
  }

  /** Opens so many more connections. */
  async connect(clients: number): Promise<void> {
    for (let left = clients; left > 0; left -= atOnce)
      await Promise.all(Array.from({ length: Math.min(left, atOnce) }, () => this.#connectOne()));
  }

  async #connectOne(): Promise<void> {
    const socket = connect(this.#port, "127.0.0.1").setNoDelay(true);
    socket.write(handshake);
    await once(socket, "data");
    socket.on("data", (part) => this.#take(part.length));
    this.#sockets.push(socket);
  }

  /** Returns the memory of the server: the heap and what belongs to it, and all of the process, in bytes. */
  async memory(): Promise<{ readonly own: number; readonly resident: number }> {
    this.#child.send("memory");
    const [{ heapUsed, external, rss }] = (await once(this.#child, "message")) as [NodeJS.MemoryUsage];
    return { own: heapUsed + external, resident: rss };
  }

  /** Has the server send to all clients so many times, and waits until each has all of it. */
  broadcast(count: number, keep: boolean): Promise<void> {
    return this.#measure(count * this.#sockets.length, keep, () => void this.#child.send(count));
  }

  /** Each client sends so many messages at once, and the next ones when it has the answers. */
  echo(count: number, atOnce: number, keep: boolean): Promise<void> {
    const request = Buffer.concat(Array.from({ length: atOnce }, () => sent));
    return this.#measure(count * this.#sockets.length, keep, () => {
      for (const socket of this.#sockets) {
        let left = count * frameLength;
        let part = atOnce * frameLength;
        const onData = (chunk: Buffer): void => {
          left -= chunk.length;
          part -= chunk.length;
          if (left === 0) socket.off("data", onData);
          else if (part === 0) {
            part = atOnce * frameLength;
            socket.write(request);
          }
        };
        socket.on("data", onData);
        socket.write(request);
      }
    });
  }

  stop(): void {
    for (const socket of this.#sockets) socket.destroy();
    this.#child.kill("SIGKILL");
  }

  async #measure(messages: number, keep: boolean, start: () => void): Promise<void> {
    const before = await this.#ask();
    const started = performance.now();
    this.#missing = messages * frameLength;
    const done = new Promise<void>((resolve) => {
      this.#done = resolve;
    });
    start();
    await done;
    const time = performance.now() - started;
    const after = await this.#ask();
    if (!keep) return;
    this.cpu.push((after.user + after.system - before.user - before.system) / messages);
    this.time.push((time * 1000) / messages);
  }

  #take(length: number): void {
    this.#missing -= length;
    if (this.#missing < 0) throw new Error(`${this.name} sends more than it should.`);
    if (this.#missing === 0) this.#done();
  }

  async #ask(): Promise<NodeJS.CpuUsage> {
    this.#child.send("cpu");
    const [usage] = (await once(this.#child, "message")) as [NodeJS.CpuUsage];
    return usage;
  }
}

/** 200 bytes to 200 clients, an echo of 200 bytes, and idle clients: beside a loop over ws, and beside bare sockets. */
export default async function* websocket(): AsyncGenerator<Result> {
  yield await measure("200 bytes to 200 clients, one broadcast a turn", 200, 1.1, (one, keep) =>
    one.broadcast(1, keep),
  );
  yield await measure("200 bytes to 200 clients, ten broadcasts a turn", 200, 1.4, (one, keep) =>
    one.broadcast(10, keep),
  );
  yield await measure("an echo of 200 bytes", 16, 1, (one, keep) => one.echo(200, 1, keep));
  yield await measure("an echo of 200 bytes, eight on their way", 16, 1.2, (one, keep) =>
    one.echo(800, 8, keep),
  );
  yield await measureIdle();
}

async function measure(
  title: string,
  clients: number,
  target: number,
  run: (contestant: Contestant, keep: boolean) => Promise<void>,
): Promise<Result> {
  const all: Contestant[] = [];
  for (const name of ["miqro", "ws", "sockets"]) all.push(await Contestant.start(name, clients));
  const [own, peer] = all as [Contestant, Contestant, Contestant];
  try {
    for (let round = 0; round < warmUp + slices; round++) {
      for (let index = 0; index < all.length; index++)
        await run(all[(index + round) % all.length] as Contestant, round >= warmUp);
    }
    const ratio = (one: Contestant, field: "cpu" | "time"): number =>
      median(one[field].map((value, index) => (peer[field][index] ?? 0) / value));
    return {
      title: `websocket: ${title}`,
      note: `Medians of ${slices} slices, each beside one of the others; the ratio is how many times as many messages as ws. \`sockets\` is the ceiling: a call of \`socket.write\` for each message, and nothing else.`,
      columns: ["", "CPU a message", "ratio", "time a message", "ratio"],
      rows: all.map((one) => [
        one.name,
        `${median(one.cpu).toFixed(2)} µs`,
        ratio(one, "cpu").toFixed(3),
        `${median(one.time).toFixed(2)} µs`,
        ratio(one, "time").toFixed(3),
      ]),
      targets: [atLeast("messages for the same CPU time, as a multiple of ws", target, ratio(own, "cpu"))],
    };
  } finally {
    for (const one of all) one.stop();
  }
}

async function measureIdle(): Promise<Result> {
  const figures = new Map<string, { own: number; resident: number }>();
  for (const name of ["miqro", "ws", "sockets"]) {
    const one = await Contestant.start(name, 1);
    try {
      // What the first clients load and compile is paid once.
      await one.connect(500);
      const before = await one.memory();
      await one.connect(idleClients);
      const after = await one.memory();
      figures.set(name, {
        own: (after.own - before.own) / idleClients,
        resident: (after.resident - before.resident) / idleClients,
      });
    } finally {
      one.stop();
    }
  }
  const beyond = (name: string, field: "own" | "resident"): number =>
    ((figures.get(name)?.[field] ?? 0) - (figures.get("sockets")?.[field] ?? 0)) / 1000;
  return {
    title: `websocket: ${idleClients} idle connections`,
    note: "The memory of the server for each connection; `sockets` holds sockets that were upgraded, and nothing else.",
    columns: ["", "heap", "beyond sockets", "process", "beyond sockets"],
    rows: [...figures].map(([name, { own, resident }]) => [
      name,
      `${(own / 1000).toFixed(1)} kB`,
      `${beyond(name, "own").toFixed(1)} kB`,
      `${(resident / 1000).toFixed(1)} kB`,
      `${beyond(name, "resident").toFixed(1)} kB`,
    ]),
    targets: [atMost("kB of a connection beyond its socket", 15, beyond("miqro", "own"))],
  };
}
