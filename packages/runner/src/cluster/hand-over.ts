import cluster, { type Worker } from "node:cluster";

/**
 * The message of `node:cluster` that carries a connection, and the worker's answer before it reads from the connection.
 */
interface ClusterMessage {
  readonly cmd?: unknown;
  readonly act?: unknown;
  readonly seq?: unknown;
  readonly ack?: unknown;
}

// The channel of a process that died usually ends at once, but sometimes never.
const looks = 10;

/**
 * Finds the connections that were handed to a worker which died before it took them. `node:cluster` keeps them open and
 * never uses them again, so their clients would wait without end. This gives them to another worker. None of their data
 * has been read, since a worker answers first.
 */
export class HandOver {
  /** Sequence numbers of the messages that carried a connection and have no answer yet. */
  readonly #open = new Set<number>();
  readonly #worker: Worker;
  /** True when the worker is gone and its connections have been given away. */
  #isSettled = false;

  constructor(worker: Worker) {
    this.#worker = worker;
    const { process: child } = worker;
    const { send } = child;
    child.send = (...args: unknown[]): boolean => {
      const { act, seq } = (args[0] ?? {}) as ClusterMessage;
      if (act === "newconn" && typeof seq === "number") {
        this.#open.add(seq);
        if (this.#isSettled) {
          // `node:cluster` may choose a worker that is gone until its channel has ended.
          setImmediate(() => this.#giveAway());
          return true;
        }
      }
      return Reflect.apply(send, child, args);
    };
    child.on("internalMessage" as "message", (message: unknown) => {
      const { ack } = (message ?? {}) as ClusterMessage;
      if (typeof ack === "number") this.#open.delete(ack);
    });
    // "disconnect" does not come while a connection is being sent.
    child.once("exit", () => setImmediate(() => this.#settle(looks)));
  }

  /** @param left how often it may check again whether all answers of a process that died have been read */
  #settle(left: number): void {
    if (this.#worker.isConnected() && left > 0) {
      setTimeout(() => this.#settle(left - 1), 5);
      return;
    }
    this.#isSettled = true;
    this.#giveAway();
  }

  #giveAway(): void {
    // Without a worker to take it, a connection is closed: its client learns at once that no worker is there.
    const accepted = !Object.values(cluster.workers ?? {}).some(
      (other) => other !== undefined && other !== this.#worker && other.isConnected(),
    );
    const open = [...this.#open];
    this.#open.clear();
    for (const ack of open) {
      this.#worker.process.emit(
        "internalMessage" as "message",
        { cmd: "NODE_CLUSTER", ack, accepted },
        undefined,
      );
    }
  }
}
