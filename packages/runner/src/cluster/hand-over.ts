import type { Worker } from "node:cluster";

/**
 * The messages of `node:cluster` that this file reads. With `newconn`, the primary passes a connection for the server
 * with a key to a worker. The worker answers with an `ack` before it reads from the connection. When a worker starts to
 * listen, the answer of the primary has an `ack` and the `key`. With `close`, a worker stops listening.
 */
interface ClusterMessage {
  readonly act?: unknown;
  readonly seq?: unknown;
  readonly ack?: unknown;
  readonly key?: unknown;
  readonly errno?: unknown;
}

/**
 * The workers that listen on one address. When the last one leaves, `node:cluster` closes the server. A worker that
 * listens on the same address later gets a new server, which has another group.
 */
type Group = Set<Worker>;

// The number of times, every 5 ms, that the channel of an ended process is checked until it has been read to its end.
const looks = 10;

/** The groups by the keys of their servers. */
const groups = new Map<string, Group>();

/**
 * Finds the connections that were passed to a worker which died before it accepted them. `node:cluster` keeps them open
 * and never uses them again, so their clients would wait without end. This class passes them to another worker that
 * listens on the same address. Nothing was read from these connections, since a worker answers before it reads.
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

  /** Passes the connections on when all answers of the process have been read. */
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
      // If no worker can take it, a connection is closed, so its client gets an error at once.
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
