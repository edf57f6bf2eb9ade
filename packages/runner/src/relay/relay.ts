import type { Backplane, ChannelEvent, Count, KeepOptions } from "../backplane/backplane.js";
import { sharedBackplane } from "../backplane/connect-backplane.js";
import { splitId } from "../backplane/split-id.js";
import { InvalidOptionError } from "../errors.js";
import { throwLater } from "../throw-later.js";

/** Options of `publish`. */
export interface PublishOptions {
  /** How many events of the channel are kept for later subscribers, and for how many milliseconds. */
  readonly keep?: number | { readonly count: number; readonly ms?: number };
}

/** Options of `subscribe`. */
export interface SubscribeOptions {
  /** The id of the last event that the subscriber has. It first gets the events that were kept since that event. */
  readonly after?: string;
}

/** An event, or the notice that events are missing: events of a process that died, or events that were not kept. */
export type RelayEvent =
  | { readonly id: string; readonly payload: unknown; readonly gap?: undefined }
  | { readonly gap: true; readonly lost?: string | undefined };

/** Named channels and counters that processes share. */
export interface Relay {
  /** Sends JSON to all subscribers, and resolves to the id of the event. Events of one sender arrive in their order. */
  publish(channel: string, payload: unknown, options?: PublishOptions): Promise<string>;
  /** Resolves to the function that ends the subscription. The subscription is then active. */
  subscribe(
    channel: string,
    options: SubscribeOptions,
    listener: (event: RelayEvent) => void,
  ): Promise<() => void>;
  /** Adds one to a counter that lasts for a window of time. */
  increment(key: string, windowMs: number): Promise<Count>;
}

interface Subscriber {
  readonly listener: (event: RelayEvent) => void;
  /** Events that arrived while the earlier events are still being fetched. */
  waiting: ChannelEvent[] | undefined;
  last: string;
}

interface Channel {
  readonly subscribers: Set<Subscriber>;
  readonly listening: Promise<void>;
}

/** Makes the relay of this process over a backplane. Default: the backplane of the process. */
export async function connectRelay(backplane?: Backplane): Promise<Relay> {
  const over = backplane ?? (await sharedBackplane());
  let relay = relays.get(over);
  if (relay === undefined) {
    relay = new BackplaneRelay(over);
    relays.set(over, relay);
  }
  return relay;
}

// One link for each channel, since it counts the subscribers of the channel.
const relays = new WeakMap<Backplane, Relay>();

class BackplaneRelay implements Relay {
  readonly #backplane: Backplane;
  readonly #channels = new Map<string, Channel>();

  constructor(backplane: Backplane) {
    this.#backplane = backplane;
    backplane.addListener({
      onEvent: (channel, event) => {
        for (const subscriber of this.#channels.get(channel)?.subscribers ?? []) deliver(subscriber, event);
      },
      onGap: (lost) => {
        for (const { subscribers } of this.#channels.values()) {
          for (const subscriber of subscribers) tell(subscriber, { gap: true, lost });
        }
      },
    });
  }

  async publish(channel: string, payload: unknown, { keep }: PublishOptions = {}): Promise<string> {
    checkName("channel", channel);
    const text = JSON.stringify(payload) as string | undefined;
    if (text === undefined)
      throw new InvalidOptionError("payload", "a value that JSON can represent", payload);
    return this.#backplane.publish(channel, payload, toKeep(keep));
  }

  async subscribe(
    channel: string,
    { after }: SubscribeOptions,
    listener: (event: RelayEvent) => void,
  ): Promise<() => void> {
    checkName("channel", channel);
    if (typeof listener !== "function") throw new InvalidOptionError("listener", "a function", listener);
    const subscriber: Subscriber = { listener, waiting: [], last: after ?? "" };
    const entry = this.#channel(channel);
    entry.subscribers.add(subscriber);
    await entry.listening;
    if (after !== undefined) {
      const { events, gap } = await this.#backplane.history(channel, after);
      if (gap) tell(subscriber, { gap: true });
      for (const event of events) pass(subscriber, event);
    }
    const waiting = subscriber.waiting ?? [];
    subscriber.waiting = undefined;
    for (const event of waiting) pass(subscriber, event);
    return () => {
      entry.subscribers.delete(subscriber);
      if (entry.subscribers.size > 0 || this.#channels.get(channel) !== entry) return;
      this.#channels.delete(channel);
      this.#backplane.unlisten(channel);
    };
  }

  async increment(key: string, windowMs: number): Promise<Count> {
    checkName("key", key);
    if (!Number.isSafeInteger(windowMs) || windowMs < 1) {
      throw new InvalidOptionError("windowMs", "an integer of milliseconds from 1", windowMs);
    }
    return this.#backplane.increment(key, windowMs);
  }

  #channel(name: string): Channel {
    let channel = this.#channels.get(name);
    if (channel === undefined) {
      channel = { subscribers: new Set(), listening: this.#backplane.listen(name) };
      this.#channels.set(name, channel);
    }
    return channel;
  }
}

function deliver(subscriber: Subscriber, event: ChannelEvent): void {
  if (subscriber.waiting === undefined) pass(subscriber, event);
  else subscriber.waiting.push(event);
}

/** Passes an event on unless it was already among the kept events. */
function pass(subscriber: Subscriber, event: ChannelEvent): void {
  const [epoch, seq] = splitId(event.id);
  const [lastEpoch, lastSeq] = splitId(subscriber.last);
  if (epoch === lastEpoch && seq <= lastSeq) return;
  subscriber.last = event.id;
  tell(subscriber, event);
}

function tell({ listener }: Subscriber, event: RelayEvent): void {
  try {
    listener(event);
  } catch (error) {
    throwLater(error);
  }
}

function toKeep(keep: PublishOptions["keep"]): KeepOptions | undefined {
  if (keep === undefined || keep === 0) return undefined;
  const { count, ms } = typeof keep === "number" ? { count: keep, ms: undefined } : keep;
  if (!Number.isSafeInteger(count) || count < 1 || count > 100_000) {
    throw new InvalidOptionError("keep", "a number of events from 1 to 100000", count);
  }
  if (ms !== undefined && !(Number.isSafeInteger(ms) && ms > 0)) {
    throw new InvalidOptionError("keep.ms", "an integer of milliseconds from 1", ms);
  }
  return { count, ms };
}

function checkName(option: string, value: unknown): void {
  if (typeof value === "string" && value !== "" && value.length <= 1024) return;
  throw new InvalidOptionError(option, "a string of 1 to 1024 characters", value);
}
