import { setTimeout as sleep } from "node:timers/promises";
import { BackplaneError, errorMessage } from "../../errors.js";
import { createClients, type RedisClient, runScript } from "./redis-client.js";
import type { Script } from "./scripts.js";

/** The callbacks of the owner of a link. */
export interface RedisLinkOwner {
  /** Subscribes, and fetches what was missed, before anything else is sent. */
  onConnect(): Promise<void>;
  /** Called from time to time while the server can be reached. */
  onBeat(): Promise<void>;
  onMessage(message: string, channel: string): void;
}

// The time between checks of the connection, the limit for an answer, and the wait between attempts.
const beatTime = 1000;
const answerTime = 4000;
const connectTime = 30_000;
const longestWait = 2000;

/** Keeps two connections to a server, one for commands and one for published messages, and renews them. */
export class RedisLink {
  readonly #url: string;
  readonly #owner: RedisLinkOwner;
  readonly #log: (line: string) => void;
  #commands: RedisClient | undefined;
  #events: RedisClient | undefined;
  readonly #subscribed = new Set<string>();
  #isUp = false;
  #wasUp = false;
  #awaySince: number | undefined;
  #isClosed = false;
  #wake: () => void = () => {};
  #onAttempt: () => void = () => {};
  #drop: (reason: unknown) => void = () => {};
  #running: Promise<void> | undefined;

  constructor(url: string, owner: RedisLinkOwner, log: (line: string) => void) {
    this.#url = url;
    this.#owner = owner;
    this.#log = log;
  }

  get isUp(): boolean {
    return this.#isUp;
  }

  /** Whether the server could not be reached before, and the owner still fetches what was missed. */
  get isReturning(): boolean {
    return this.#awaySince !== undefined;
  }

  /** Keeps the connections until `close`. Resolves after the first attempt; rejects only if the package is missing. */
  async start(): Promise<void> {
    for (const client of await createClients(this.#url)) client.on("error", () => {});
    await new Promise<void>((resolve) => {
      this.#onAttempt = resolve;
      this.#running = this.#run();
    });
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#drop(undefined);
    this.#wake();
    await this.#running;
  }

  /** Drops the connections, because a message could not be understood. New connections are then made. */
  reset(reason: unknown): void {
    this.#drop(reason);
  }

  run(script: Script, keys: readonly string[], args: readonly (string | number)[]): Promise<unknown> {
    if (this.#commands === undefined) return Promise.reject(new BackplaneError("Redis is away."));
    return runScript(this.#commands, script, keys, args);
  }

  command(args: readonly string[]): Promise<unknown> {
    if (this.#commands === undefined) return Promise.reject(new BackplaneError("Redis is away."));
    return this.#commands.sendCommand(args);
  }

  async subscribe(channel: string): Promise<void> {
    if (this.#events === undefined || this.#subscribed.has(channel)) return;
    this.#subscribed.add(channel);
    await this.#events.subscribe(channel, (message, from) => this.#owner.onMessage(message, from));
  }

  async unsubscribe(channel: string): Promise<void> {
    if (!this.#subscribed.delete(channel)) return;
    await this.#events?.unsubscribe(channel).catch(() => {});
  }

  async #run(): Promise<void> {
    let attempts = 0;
    while (!this.#isClosed) {
      let reason: unknown;
      try {
        reason = await this.#live(() => {
          attempts = 0;
        });
      } catch (error) {
        reason = error;
      }
      this.#isUp = false;
      for (const client of [this.#commands, this.#events]) destroy(client);
      this.#commands = undefined;
      this.#events = undefined;
      this.#subscribed.clear();
      if (this.#isClosed) return;
      this.#reportAway(reason);
      this.#onAttempt();
      await this.#pause(Math.min(longestWait, 50 * 2 ** attempts) * (0.5 + Math.random() / 2));
      attempts++;
    }
  }

  /** Connects, and stays connected until the connection is lost. Returns the reason. */
  async #live(onUp: () => void): Promise<unknown> {
    const dropped = new Promise<unknown>((resolve) => {
      this.#drop = resolve;
    });
    const clients = await createClients(this.#url);
    for (const client of clients) {
      client.on("error", this.#drop);
      client.on("end", () => this.#drop(new Error("the connection was closed")));
    }
    [this.#commands, this.#events] = clients;
    const failed = dropped.then((reason) =>
      Promise.reject(reason ?? new Error("the connection was given up")),
    );
    failed.catch(() => {});
    await Promise.race([within(Promise.all(clients.map((client) => client.connect())), answerTime), failed]);
    await Promise.race([within(this.#owner.onConnect(), connectTime), failed]);
    this.#isUp = true;
    onUp();
    this.#onAttempt();
    this.#reportBack();
    this.#wasUp = true;
    const beat = async () => {
      await within(Promise.all([this.command(["PING"]), this.#owner.onBeat()]), answerTime);
    };
    for (;;) {
      const next = sleep(beatTime, undefined, { ref: false }).then(beat);
      const ended = await Promise.race([next.then(() => undefined), dropped.then((reason) => ({ reason }))]);
      if (ended !== undefined) {
        next.catch(() => {});
        return ended.reason;
      }
    }
  }

  #pause(time: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, time);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  #reportAway(reason: unknown): void {
    if (this.#awaySince !== undefined) return;
    this.#awaySince = performance.now();
    // A process that never had the content of the caches waits for it before it serves.
    const effect = this.#wasUp ? "this process continues without it" : "shared caches wait for it";
    this.#log(`Redis at ${placeOf(this.#url)} cannot be reached (${errorMessage(reason)}); ${effect}.`);
  }

  #reportBack(): void {
    if (this.#awaySince === undefined) return;
    const seconds = ((performance.now() - this.#awaySince) / 1000).toFixed(1);
    this.#awaySince = undefined;
    const effect = this.#wasUp
      ? `connected again after ${seconds} s; this process has the missed changes`
      : `connected after ${seconds} s`;
    this.#log(`Redis at ${placeOf(this.#url)} is ${effect}.`);
  }
}

async function within<Value>(promise: Promise<Value>, time: number): Promise<Value> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${time} ms`)), time);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
    promise.catch(() => {});
  }
}

function destroy(client: RedisClient | undefined): void {
  try {
    client?.destroy();
  } catch {
    // The connection was not open.
  }
}

/** The address without user and password. */
function placeOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : "the given address";
}
