import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { fileURLToPath } from "node:url";
import { median } from "../lib/median.ts";
import { atLeast, type Result } from "../lib/result.ts";

const module = fileURLToPath(new URL("./websocket/server.ts", import.meta.url));
const slices = Number(process.env.SLICES ?? 40);
const warmUp = 8;
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
  readonly #sockets: Socket[] = [];
  #missing = 0;
  #done = (): void => {};

  private constructor(name: string, child: ChildProcess) {
    this.name = name;
    this.#child = child;
  }

  static async start(name: string, clients: number): Promise<Contestant> {
    const child = fork(module, [name], { env: { ...process.env, NODE_ENV: "production" } });
    const [{ port }] = (await once(child, "message")) as [{ port: number }];
    const contestant = new Contestant(name, child);
    for (let count = 0; count < clients; count++) {
      const socket = connect(port, "127.0.0.1").setNoDelay(true);
      socket.write(handshake);
      await once(socket, "data");
      socket.on("data", (part) => contestant.#take(part.length));
      contestant.#sockets.push(socket);
    }
    return contestant;
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

/** 200 bytes to 200 clients, and an echo of 200 bytes: beside a loop over ws. */
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
}

async function measure(
  title: string,
  clients: number,
  target: number,
  run: (contestant: Contestant, keep: boolean) => Promise<void>,
): Promise<Result> {
  const own = await Contestant.start("miqro", clients);
  const peer = await Contestant.start("ws", clients);
  try {
    for (let round = 0; round < warmUp + slices; round++) {
      const order = round % 2 === 0 ? [own, peer] : [peer, own];
      for (const one of order) await run(one, round >= warmUp);
    }
    const ratio = (field: "cpu" | "time"): number =>
      median(own[field].map((value, index) => (peer[field][index] ?? 0) / value));
    return {
      title: `websocket: ${title}`,
      note: `Medians of ${slices} slices, each beside one of the other; the ratio is how many times as many messages.`,
      columns: ["", "CPU a message", "time a message"],
      rows: [
        ...[own, peer].map((one) => [
          one.name,
          `${median(one.cpu).toFixed(2)} µs`,
          `${median(one.time).toFixed(2)} µs`,
        ]),
        ["ratio", ratio("cpu").toFixed(3), ratio("time").toFixed(3)],
      ],
      targets: [atLeast("messages for the same CPU time, as a multiple of ws", target, ratio("cpu"))],
    };
  } finally {
    own.stop();
    peer.stop();
  }
}
