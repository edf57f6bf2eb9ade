import { randomUUID } from "node:crypto";
import { isCount } from "../../cache/cache-change.js";
import { BackplaneError } from "../../errors.js";
import type {
  Backplane,
  BackplaneListener,
  CacheLink,
  CacheMember,
  ChannelEvent,
  ChannelHistory,
  Count,
  KeepOptions,
} from "../backplane.js";
import { splitId } from "../split-id.js";
import { RedisCache } from "./redis-cache.js";
import { RedisLink } from "./redis-link.js";
import {
  acquireScript,
  aliveScript,
  countScript,
  historyScript,
  publishScript,
  releaseScript,
  tipScript,
} from "./scripts.js";

/** The version of the layout of keys and messages. Processes of different versions do not share anything. */
const version = 1;
// A process that has not sent a sign of life for this number of milliseconds counts as lost.
const lifeTime = 10_000;
const mostSenders = 10_000;

interface Listening {
  /** The last event of the server that was passed on, or the position before the first. */
  last: string;
  /** The number of the last event of each sender. An event can arrive twice: from the server and from this machine. */
  readonly senders: Map<string, number>;
  waiting: ChannelEvent[] | undefined;
}

/**
 * The backplane of the processes of an app on any number of machines. While Redis is away, events reach the processes
 * of this machine, counters count this machine, writes to caches wait, and leases run out.
 */
export class RedisBackplane implements Backplane {
  readonly id: string = randomUUID();
  readonly isOfMany = true;
  readonly #prefix: string;
  readonly #machine: Backplane;
  readonly #link: RedisLink;
  readonly #caches = new Map<string, RedisCache>();
  readonly #channels = new Map<string, Listening>();
  readonly #listeners = new Set<BackplaneListener>();
  /** When the lease of another process ends at the latest, by the clock of this process. */
  readonly #held = new Map<string, number>();
  readonly #log: (line: string) => void;
  #connected: Promise<void>;
  #setConnected: () => void = () => {};
  #n = 0;
  #isWarned = false;

  /** @param machine reaches the processes of this machine while Redis is away */
  static async connect(
    url: string,
    app: string,
    machine: Backplane,
    log: (line: string) => void,
  ): Promise<RedisBackplane> {
    const backplane = new RedisBackplane(url, app, machine, log);
    await backplane.#link.start();
    return backplane;
  }

  private constructor(url: string, app: string, machine: Backplane, log: (line: string) => void) {
    // Braces keep all keys of an app on one node of a Redis cluster.
    this.#prefix = `miqro:${version}:{${app}}:`;
    this.#machine = machine;
    this.#log = log;
    this.#connected = new Promise((resolve) => {
      this.#setConnected = resolve;
    });
    this.#link = new RedisLink(
      url,
      {
        onConnect: () => this.#onConnect(),
        onBeat: () => this.#onBeat(),
        onMessage: (message, channel) => this.#onMessage(message, channel),
      },
      log,
    );
    machine.addListener({
      onEvent: (channel, { id, payload }) => {
        if (channel.startsWith(this.#prefix)) this.#receive(channel.slice(this.#prefix.length), id, payload);
      },
      onGap: () => {},
    });
  }

  addListener(listener: BackplaneListener): void {
    this.#listeners.add(listener);
  }

  async join(name: string, member: CacheMember): Promise<CacheLink> {
    const cache = new RedisCache(this.#link, this.#prefix, name, this.id, member, () => this.#warn());
    if (this.#caches.has(cache.channel)) {
      throw new BackplaneError(
        `The cache ${name} is already open in this process; use that ClusterCache, or close it first.`,
      );
    }
    this.#caches.set(cache.channel, cache);
    let isJoined = false;
    while (!isJoined) {
      await this.#connected;
      isJoined = await cache.sync().then(
        () => true,
        () => new Promise<boolean>((resolve) => setTimeout(resolve, 50, false)),
      );
    }
    return {
      append: (n, change) => cache.append(n, change),
      leave: () => {
        this.#caches.delete(cache.channel);
        cache.leave();
      },
    };
  }

  async publish(channel: string, payload: unknown, keep?: KeepOptions): Promise<string> {
    const event = [this.id, ++this.#n, payload];
    if (this.#link.isUp) {
      const args = [
        newEpoch(),
        this.#channelKey(channel),
        keep?.count ?? 0,
        keep?.ms ?? 0,
        JSON.stringify(event),
      ];
      try {
        return String(await this.#link.run(publishScript, this.#channelKeys(channel), args));
      } catch (error) {
        // An error of the server itself does not mean that the connection is lost.
        if (this.#link.isUp && isServerError(error)) throw error;
      }
    }
    return this.#machine.publish(this.#prefix + channel, event, keep);
  }

  async listen(channel: string): Promise<void> {
    const listening: Listening = { last: "", senders: new Map(), waiting: undefined };
    this.#channels.set(channel, listening);
    await this.#machine.listen(this.#prefix + channel);
    if (!this.#link.isUp) return;
    await this.#subscribe(channel, listening).catch(() => {});
  }

  unlisten(channel: string): void {
    this.#channels.delete(channel);
    this.#machine.unlisten(this.#prefix + channel);
    void this.#link.unsubscribe(this.#channelKey(channel));
  }

  async history(channel: string, after: string): Promise<ChannelHistory> {
    if (!this.#link.isUp) return this.#machine.history(this.#prefix + channel, after).then(unwrapHistory);
    return this.#history(channel, after, false);
  }

  async increment(key: string, windowMs: number): Promise<Count> {
    if (this.#link.isUp) {
      try {
        const [count, left] = (await this.#link.run(
          countScript,
          [`${this.#prefix}count:${key}`],
          [windowMs],
        )) as [number, number];
        return { count: Number(count), resetAt: Date.now() + Math.max(0, Number(left)) };
      } catch (error) {
        if (this.#link.isUp && isServerError(error)) throw error;
      }
    }
    return this.#machine.increment(this.#prefix + key, windowMs);
  }

  async acquire(name: string, ttl: number): Promise<boolean> {
    if (!this.#link.isUp) return false;
    let left: number;
    try {
      left = Number(await this.#link.run(acquireScript, [`${this.#prefix}lease:${name}`], [this.id, ttl]));
    } catch {
      return false;
    }
    const now = performance.now();
    if (left > 0) {
      this.#held.set(name, now + left);
      return false;
    }
    // A server that lost its data grants the lease although its holder still relies on it.
    if (left === 0 && now < (this.#held.get(name) ?? 0)) return false;
    this.#held.delete(name);
    return true;
  }

  async release(name: string): Promise<void> {
    if (!this.#link.isUp) return;
    await this.#link.run(releaseScript, [`${this.#prefix}lease:${name}`], [this.id]).catch(() => {});
  }

  async close(): Promise<void> {
    if (this.#link.isUp) await this.#link.command(["ZREM", this.#processesKey, this.id]).catch(() => {});
    for (const cache of this.#caches.values()) cache.leave();
    await this.#link.close();
    await this.#machine.close();
  }

  get #processesKey(): string {
    return `${this.#prefix}processes`;
  }

  get #lostKey(): string {
    return `${this.#prefix}lost`;
  }

  #channelKey(channel: string): string {
    return `${this.#prefix}channel:${channel}`;
  }

  #channelKeys(channel: string): readonly string[] {
    const key = this.#channelKey(channel);
    return [`${this.#prefix}epoch`, `${this.#prefix}seq`, `${key}:kept`, `${key}:facts`];
  }

  async #onConnect(): Promise<void> {
    await this.#link.subscribe(this.#lostKey);
    for (const [channel, listening] of this.#channels) await this.#subscribe(channel, listening);
    for (const cache of this.#caches.values()) await cache.sync();
    await this.#sayAlive();
    this.#setConnected();
    // Writes that waited are sent when the link is connected, which happens after this.
    setImmediate(() => {
      for (const cache of this.#caches.values()) cache.resume();
    });
  }

  async #onBeat(): Promise<void> {
    await this.#sayAlive();
    for (const cache of this.#caches.values()) await cache.beat();
  }

  async #sayAlive(): Promise<void> {
    await this.#link.run(aliveScript, [this.#processesKey], [this.id, lifeTime, this.#lostKey]);
  }

  #onMessage(message: string, channel: string): void {
    const cache = this.#caches.get(channel);
    if (cache !== undefined) {
      cache.receive(message);
      return;
    }
    if (channel === this.#lostKey) {
      if (message !== this.id) for (const listener of this.#listeners) listener.onGap(message);
      return;
    }
    const event = readEvent(message);
    const name = channel.slice(this.#channelKey("").length);
    if (event === undefined) {
      this.#warn();
      return;
    }
    const listening = this.#channels.get(name);
    if (listening === undefined) return;
    if (listening.waiting !== undefined) listening.waiting.push(event);
    else this.#pass(name, listening, event);
  }

  /** Subscribes, and passes on the events since the last known event, if there is one. */
  async #subscribe(channel: string, listening: Listening): Promise<void> {
    listening.waiting = [];
    await this.#link.subscribe(this.#channelKey(channel));
    if (listening.last === "") {
      listening.last = String(
        await this.#link.run(tipScript, this.#channelKeys(channel).slice(0, 2), [newEpoch()]),
      );
    } else {
      const { events, gap } = await this.#history(channel, listening.last, true, false);
      if (gap) {
        listening.last = String(
          await this.#link.run(tipScript, this.#channelKeys(channel).slice(0, 2), [newEpoch()]),
        );
        for (const listener of this.#listeners) listener.onGap(undefined);
      }
      for (const event of events) this.#pass(channel, listening, event);
    }
    const { waiting } = listening;
    listening.waiting = undefined;
    for (const event of waiting) this.#pass(channel, listening, event);
  }

  async #history(channel: string, after: string, isQuiet: boolean, unwrap = true): Promise<ChannelHistory> {
    const [epoch, seq] = splitId(after);
    const reply = (await this.#link.run(historyScript, this.#channelKeys(channel), [
      epoch,
      seq,
      isQuiet ? 1 : 0,
    ])) as string[];
    const events = reply.slice(1).flatMap((line) => readEvent(line) ?? []);
    const history = { events, gap: reply[0] === "gap" };
    return unwrap ? unwrapHistory(history) : history;
  }

  #pass(channel: string, listening: Listening, event: ChannelEvent): void {
    const [epoch, seq] = splitId(event.id);
    const [lastEpoch, lastSeq] = splitId(listening.last);
    if (epoch === lastEpoch && seq <= lastSeq) return;
    listening.last = event.id;
    this.#receive(channel, event.id, event.payload);
  }

  #receive(channel: string, id: string, wrapped: unknown): void {
    const senders = this.#channels.get(channel)?.senders;
    const event = unwrap(wrapped);
    if (senders === undefined) return;
    if (event === undefined) {
      this.#warn();
      return;
    }
    if (event.n <= (senders.get(event.from) ?? 0)) return;
    senders.delete(event.from);
    senders.set(event.from, event.n);
    if (senders.size > mostSenders) senders.delete(senders.keys().next().value ?? "");
    for (const listener of this.#listeners) listener.onEvent(channel, { id, payload: event.payload });
  }

  #warn(): void {
    if (this.#isWarned) return;
    this.#isWarned = true;
    this.#log(
      "A message on Redis was ignored because it comes from another program or another version of @miqro/runner.",
    );
  }
}

function newEpoch(): string {
  return randomUUID().slice(0, 8);
}

/** Reads "ID JSON". */
function readEvent(line: string): ChannelEvent | undefined {
  const at = line.indexOf(" ");
  if (at < 1 || splitId(line.slice(0, at))[1] < 0) return undefined;
  try {
    return { id: line.slice(0, at), payload: JSON.parse(line.slice(at + 1)) };
  } catch {
    return undefined;
  }
}

/** An event travels with its sender and its number among the events of that sender. */
function unwrap(value: unknown): { from: string; n: number; payload: unknown } | undefined {
  if (!Array.isArray(value) || value.length !== 3) return undefined;
  const [from, n, payload] = value as readonly unknown[];
  return typeof from === "string" && isCount(n) ? { from, n, payload } : undefined;
}

function unwrapHistory({ events, gap }: ChannelHistory): ChannelHistory {
  return {
    events: events.flatMap(({ id, payload: wrapped }) => {
      const event = unwrap(wrapped);
      return event === undefined ? [] : { id, payload: event.payload };
    }),
    gap,
  };
}

function isServerError(error: unknown): boolean {
  return error instanceof Error && /^[A-Z]+ /.test(error.message);
}
