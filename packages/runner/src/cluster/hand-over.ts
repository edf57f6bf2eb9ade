import type { Worker } from "node:cluster";

/**
 * The messages of `node:cluster` that matter here: `newconn` carries a connection for the server with a key, and has
 * the worker's `ack` before the worker reads from the connection. The answer to a worker that starts to listen has an
 * `ack` and the `key`. `close` says that a worker no longer listens.
 */
interface ClusterMessage {
  readonly act?: unknown;
  readonly seq?: unknown;
  readonly ack?: unknown;
  readonly key?: unknown;
  readonly errno?: unknown;
}

/**
 * The workers that listen on one address. When the last one has left, `node:cluster` closes the server. If a worker
 * then listens on the same address, it makes a new server, which is another group.
 */
type Group = Set<Worker>;

// How often, every 5 ms, to look whether the channel of a process that exited has been read to its end.
const looks = 10;

/** The groups by the keys of their servers. */
const groups = new Map<string, Group>();

/**
 * Finds the connections that were handed to a worker which died before it took them. `node:cluster` keeps them open and
 * never uses them again, so their clients would wait without end. This gives them to another worker that listens on the
 * same address. None of their data has been read, since a worker answers first.
 */
export class HandOver {
  /** The sequence numbers of the messages that carried a connection and have no answer yet. */
  readonly #open = new Map<number, Group>();
  readonly #worker: Worker;

  constructor(worker: Worker) {
    this.#worker = worker;
    const { process: child } = worker;
    const { send, disconnect } = child;
    let isTold = false;
    child.send = (...args: unknown[]): boolean => {
      const { act, seq, ack, key, errno } = (args[0] ?? {}) as ClusterMessage;
      if (typeof key === "string") {
        if (act === "newconn" && typeof seq === "number") this.#open.set(seq, groups.get(key) ?? new Set());
        else if (typeof ack === "number" && !errno && !isTold) join(key, worker);
      }
      return Reflect.apply(send, child, args);
    };
    child.on("internalMessage" as "message", (message: unknown) => {
      const { act, ack, key } = (message ?? {}) as ClusterMessage;
      if (typeof ack === "number") this.#open.delete(ack);
      if (act === "close" && typeof key === "string") leave(key, worker);
    });

    child.once("disconnect", () => {
      isTold = true;
      for (const key of groups.keys()) leave(key, worker);
    });
    // Node.js calls this at the end of the channel. It then emits "disconnect", but never does so while a connection
    // waits for an answer. Until that event `node:cluster` may choose this worker, and drops the connection.
    child.disconnect = (): void => {
      Reflect.apply(disconnect, child, []);
      process.nextTick(() => {
        if (!isTold) child.emit("disconnect");
      });
    };
    child.once("exit", () => setImmediate(() => this.#settle(looks)));
  }

  /** Gives the connections away when all answers of the process have been read. */
  #settle(left: number): void {
    const { process: child } = this.#worker;
    if (child.connected && left > 0) {
      setTimeout(() => this.#settle(left - 1), 5);
      return;
    }
    if (child.connected) child.disconnect();
    setImmediate(() => this.#giveAway());
  }

  #giveAway(): void {
    const open = [...this.#open];
    this.#open.clear();
    for (const [ack, group] of open) {
      // Without a worker to take it, a connection is closed: its client learns at once that no worker is there.
      const accepted = group.size === 0;
      this.#worker.process.emit(
        "internalMessage" as "message",
        { cmd: "NODE_CLUSTER", ack, accepted },
        undefined,
      );
    }
  }
}

function join(key: string, worker: Worker): void {
  const group = groups.get(key) ?? new Set();
  groups.set(key, group.add(worker));
}

function leave(key: string, worker: Worker): void {
  const group = groups.get(key);
  group?.delete(worker);
  if (group?.size === 0) groups.delete(key);
}
