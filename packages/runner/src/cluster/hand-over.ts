import type { Worker } from "node:cluster";

/**
 * The message of `node:cluster` with which the primary passes a connection to a worker, and the worker's answer. The
 * worker sends the answer before it reads from the connection.
 */
interface ClusterMessage {
  readonly cmd?: unknown;
  readonly act?: unknown;
  readonly seq?: unknown;
  readonly ack?: unknown;
}

// The number of times, every 5 ms, that the channel of an ended process is checked until it has been read to its end.
const looks = 10;

/** The workers that can take a connection of another worker. */
const listening = new Set<Worker>();

/**
 * Finds the connections that were passed to a worker which died before it accepted them. `node:cluster` keeps them open
 * and never uses them again, so their clients would wait without end. This class passes them to another worker. Nothing
 * was read from these connections, since a worker answers before it reads.
 */
export class HandOver {
  /** Sequence numbers of the messages that carried a connection and have no answer yet. */
  readonly #open = new Set<number>();
  readonly #worker: Worker;

  constructor(worker: Worker) {
    this.#worker = worker;
    const { process: child } = worker;
    const { send, disconnect } = child;
    child.send = (...args: unknown[]): boolean => {
      const { act, seq } = (args[0] ?? {}) as ClusterMessage;
      if (act === "newconn" && typeof seq === "number") this.#open.add(seq);
      return Reflect.apply(send, child, args);
    };
    child.on("internalMessage" as "message", (message: unknown) => {
      const { ack } = (message ?? {}) as ClusterMessage;
      if (typeof ack === "number") this.#open.delete(ack);
    });

    let isTold = false;
    child.once("disconnect", () => {
      isTold = true;
      listening.delete(worker);
    });
    // Node.js calls this at the end of the channel. It then emits "disconnect", but never does so while a connection
    // waits for an answer. Until that event `node:cluster` may choose this worker, and drops the connection.
    child.disconnect = (): void => {
      Reflect.apply(disconnect, child, []);
      process.nextTick(() => {
        if (!isTold) child.emit("disconnect");
      });
    };
    worker.once("listening", () => {
      if (!isTold) listening.add(worker);
    });
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
    // If no worker can take it, a connection is closed, so its client gets an error at once.
    const accepted = listening.size === 0;
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
