import type { Worker } from "node:cluster";

/**
 * The message of `node:cluster` that carries a connection, and the worker's answer before it reads from the connection.
 */
interface ClusterMessage {
  readonly cmd?: unknown;
  readonly act?: unknown;
  readonly seq?: unknown;
  readonly ack?: unknown;
}

// How often, every 5 ms, to look whether the channel of a process that exited has been read to its end.
const looks = 10;

/** The workers that can take a connection of another one. */
const listening = new Set<Worker>();

/**
 * Finds the connections that were handed to a worker which died before it took them. `node:cluster` keeps them open and
 * never uses them again, so their clients would wait without end. This gives them to another worker. None of their data
 * has been read, since a worker answers first.
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
    // Without a worker to take it, a connection is closed: its client learns at once that no worker is there.
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
