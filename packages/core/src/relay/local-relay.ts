import { ArgumentError, StateError } from "../errors.js";
import { describe, Faults } from "../options/check-options.js";
import { kinds, type OptionKind } from "../options/kinds.js";
import { loadCrypto, loadOnUse } from "../platform/builtins.js";
import type { Channel } from "./channel.js";
import type { PublishOptions, Relay, RelayCount, RelayEvent, SubscribeOptions } from "./types.js";

const loadChannel = loadOnUse<typeof import("./channel.js")>(import.meta.url, "./channel.js");

const mostKept = 100_000;
const longestName = 1024;
const sweepEvery = 1000;

const keepKind: OptionKind = {
  words: `a number of events from 0 to ${mostKept}, or { count, ms }`,
  test: (value) => {
    const { count, ms } = (typeof value === "object" && value !== null ? value : { count: value }) as {
      count?: unknown;
      ms?: unknown;
    };
    const isTime = ms === undefined || (Number.isSafeInteger(ms) && Number(ms) > 0);
    return isTime && Number.isInteger(count) && Number(count) >= 0 && Number(count) <= mostKept;
  },
};

/** A value that has the methods of a relay. */
export const relayKind: OptionKind = {
  words: "a relay { publish, subscribe, increment }",
  test: (value) => {
    const { publish, subscribe, increment } = Object(value) as Partial<Relay>;
    return [publish, subscribe, increment].every((method) => typeof method === "function");
  },
};

/** The relay of one process. Its events are lost when the process ends. */
export class LocalRelay implements Relay, AsyncDisposable {
  // Ids of another process, or of an earlier one, do not belong to this relay.
  readonly #epoch: string = loadCrypto().randomBytes(6).toString("hex");
  readonly #channels = new Map<string, Channel>();
  readonly #counts = new Map<string, { count: number; readonly until: number }>();
  readonly #queue: (() => void)[] = [];
  #sequence = 0;
  #isDelivering = false;
  #isClosed = false;
  #sweeper: NodeJS.Timeout | undefined;

  /**
   * Sends JSON to all subscribers, and resolves to the id of the event. All subscribers get the event before the
   * promise is settled.
   *
   * @param options The number of events of the channel to keep, and the time.
   */
  async publish(channel: string, payload: unknown, options: PublishOptions = {}): Promise<string> {
    this.#checkOpen();
    const faults = new Faults();
    faults.attempt("channel", () => checkName("channel", channel));
    // Every subscriber gets the same value, in the form in which another process would get it.
    const copied = faults.attempt("payload", () => copyJSON(payload));
    faults.check<PublishOptions>(options, "`publish`", { keep: keepKind });
    faults.throw("`publish`");
    const { keep = 0 } = options;
    const { count, ms = Number.POSITIVE_INFINITY } = typeof keep === "number" ? { count: keep } : keep;
    const sequence = ++this.#sequence;
    const id = `${this.#epoch}-${sequence}`;
    const event = { id, payload: copied };
    const now = performance.now();
    // Earlier events may still be kept, but some of them are missing.
    const found =
      this.#channels.get(channel) ?? (count > 0 ? this.#channel(channel, sequence - 1) : undefined);
    if (found === undefined) return id;
    found.add(sequence, event, count, ms, now);
    this.#sweepLater();
    for (const listener of found.listeners) this.#deliver(found, listener, event);
    this.#drain();
    return id;
  }

  /**
   * Calls a function with each event of a channel.
   *
   * @param options The event at which the subscription begins.
   * @returns A function that ends the subscription.
   */
  async subscribe(
    channel: string,
    options: SubscribeOptions,
    listener: (event: RelayEvent) => void,
  ): Promise<() => void> {
    this.#checkOpen();
    const faults = new Faults();
    faults.attempt("channel", () => checkName("channel", channel));
    faults.check<SubscribeOptions>(options, "`subscribe`", { after: kinds.text });
    if (typeof listener !== "function")
      faults.add("listener", `The listener of \`subscribe\` must be a function, not ${describe(listener)}.`);
    faults.throw("`subscribe`");
    const { after } = options;
    const found = this.#channel(channel, this.#sequence);
    // One function can listen twice.
    const own = (event: RelayEvent): void => listener(event);
    if (after !== undefined) {
      const events = this.#after(found, after);
      for (const event of events ?? [{ gap: true } as const]) this.#queue.push(() => call(own, event));
    }
    found.listeners.add(own);
    this.#sweepLater();
    this.#drain();
    return () => void found.listeners.delete(own);
  }

  /** Adds one to a count. The window begins with the first count, and lasts `windowMs` milliseconds. */
  async increment(key: string, windowMs: number): Promise<RelayCount> {
    this.#checkOpen();
    const faults = new Faults();
    faults.attempt("key", () => checkName("key", key));
    if (!Number.isSafeInteger(windowMs) || windowMs < 1)
      faults.add(
        "windowMs",
        `The window of \`increment\` must be a whole number of milliseconds from 1, not ${describe(windowMs)}.`,
      );
    faults.throw("`increment`");
    // The time of day may be set back, and a count must not last longer then.
    const now = performance.now();
    let entry = this.#counts.get(key);
    if (entry === undefined || entry.until <= now) {
      entry = { count: 0, until: now + windowMs };
      this.#counts.set(key, entry);
      this.#sweepLater();
    }
    entry.count++;
    return { count: entry.count, resetAt: Math.ceil(Date.now() + entry.until - now) };
  }

  /** Forgets all channels and counts. Later calls get a {@link StateError}. */
  async close(): Promise<void> {
    this.#isClosed = true;
    clearInterval(this.#sweeper);
    this.#sweeper = undefined;
    this.#channels.clear();
    this.#counts.clear();
  }

  /** The same as `close`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #checkOpen(): void {
    if (this.#isClosed) throw new StateError("The relay is closed.");
  }

  #channel(name: string, floor: number): Channel {
    let channel = this.#channels.get(name);
    if (channel === undefined) {
      channel = new (loadChannel().Channel)(floor);
      this.#channels.set(name, channel);
    }
    return channel;
  }

  #after(channel: Channel, id: string): readonly RelayEvent[] | undefined {
    const [, epoch, digits] = /^([0-9a-f]+)-([1-9]\d{0,15})$/.exec(id) ?? [];
    const sequence = Number(digits);
    if (epoch !== this.#epoch || !(sequence <= this.#sequence)) return undefined;
    return channel.after(sequence, performance.now());
  }

  // A listener may publish. All subscribers get the new event after the current one.
  #deliver(channel: Channel, listener: (event: RelayEvent) => void, event: RelayEvent): void {
    this.#queue.push(() => {
      if (channel.listeners.has(listener)) call(listener, event);
    });
  }

  #drain(): void {
    if (this.#isDelivering) return;
    this.#isDelivering = true;
    for (let index = 0; index < this.#queue.length; index++) this.#queue[index]?.();
    this.#queue.length = 0;
    this.#isDelivering = false;
  }

  #sweepLater(): void {
    this.#sweeper ??= setInterval(() => this.#sweep(), sweepEvery).unref();
  }

  #sweep(): void {
    const now = performance.now();
    for (const [name, channel] of this.#channels) {
      if (channel.isForgettable(now)) this.#channels.delete(name);
    }
    for (const [key, { until }] of this.#counts) if (until <= now) this.#counts.delete(key);
    if (this.#channels.size > 0 || this.#counts.size > 0) return;
    clearInterval(this.#sweeper);
    this.#sweeper = undefined;
  }
}

// An error of the listener does not go to the publisher.
function call(listener: (event: RelayEvent) => void, event: RelayEvent): void {
  try {
    listener(event);
  } catch (error) {
    setImmediate(() => {
      throw error;
    });
  }
}

function copyJSON(payload: unknown): unknown {
  const text = JSON.stringify(payload) as string | undefined;
  if (text === undefined)
    throw new ArgumentError(
      `The payload of \`publish\` must be a value that JSON can represent, not ${describe(payload)}.`,
    );
  return typeof payload === "object" ? JSON.parse(text) : payload;
}

function checkName(what: string, value: unknown): void {
  if (typeof value === "string" && value !== "" && value.length <= longestName) return;
  const given = typeof value === "string" ? `one of ${value.length}` : describe(value);
  throw new ArgumentError(`The ${what} must be a string of 1 to ${longestName} characters, not ${given}.`);
}
