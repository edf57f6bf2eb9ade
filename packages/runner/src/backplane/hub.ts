import { randomUUID } from "node:crypto";
import type { CacheChange, CacheEntry } from "../cache/cache-change.js";
import { CacheState } from "../cache/cache-state.js";
import type { Count } from "./backplane.js";
import { HubChannel } from "./hub-channel.js";
import { type HubMessage, type HubRequest, readHubRequest } from "./hub-messages.js";
import { splitId } from "./split-id.js";

/** The hub's side of the connection to one process. */
export interface HubPort {
  /** Returns false for a value that is not a request. */
  receive(value: unknown): boolean;
  /**
   * Removes the process. With `lost`, the process has died, and the other processes learn that some of its events may
   * be missing.
   */
  close(lost: boolean): void;
}

interface Port {
  id: string;
  readonly send: (message: HubMessage) => void;
}

interface HubCache {
  readonly state: CacheState;
  readonly members: Set<Port>;
  /** The number of the last write of each process. */
  readonly written: Map<string, number>;
  waiting: CacheEntry[];
  timer: NodeJS.Timeout | undefined;
}

const sweepTime = 10_000;
const mostChannels = 10_000;

/**
 * Sequences the shared state of the processes of one machine. It runs in the primary, so a reload of the workers loses
 * nothing.
 */
export class Hub {
  readonly #epoch = randomUUID().slice(0, 8);
  readonly #ports = new Set<Port>();
  readonly #caches = new Map<string, HubCache>();
  readonly #channels = new Map<string, HubChannel<Port>>();
  readonly #counts = new Map<string, { readonly count: number; readonly until: number }>();
  readonly #leases = new Map<string, { readonly holder: string; readonly until: number }>();
  readonly #sweep: NodeJS.Timeout;
  #seq = 0;

  constructor() {
    this.#sweep = setInterval(() => this.#forgetOld(), sweepTime).unref();
  }

  connect(send: (message: HubMessage) => void): HubPort {
    const port: Port = { id: "", send };
    this.#ports.add(port);
    return {
      receive: (value) => {
        const request = readHubRequest(value);
        if (request !== undefined && this.#ports.has(port)) this.#handle(port, request);
        return request !== undefined;
      },
      close: (lost) => this.#disconnect(port, lost),
    };
  }

  close(): void {
    clearInterval(this.#sweep);
    for (const { timer } of this.#caches.values()) clearTimeout(timer);
    this.#ports.clear();
  }

  #handle(port: Port, request: HubRequest): void {
    if ("call" in request) {
      port.send({ op: "answer", call: request.call, value: this.#answer(port, request) });
      return;
    }
    switch (request.op) {
      case "hello":
        port.id = request.id;
        return;
      case "join": {
        const cache = this.#cache(request.cache);
        this.#flush(request.cache, cache);
        cache.members.add(port);
        const confirmed = cache.written.get(port.id) ?? 0;
        port.send({ op: "snapshot", cache: request.cache, snapshot: cache.state.save(), confirmed });
        return;
      }
      case "leave":
        return void this.#caches.get(request.cache)?.members.delete(port);
      case "append":
        for (const [n, change] of request.items) this.#append(request.cache, port.id, n, change);
        return;
      case "listen":
        return void this.#channel(request.channel).listeners.add(port);
      case "unlisten":
        return void this.#channels.get(request.channel)?.listeners.delete(port);
    }
  }

  #answer(port: Port, request: Extract<HubRequest, { readonly call: number }>): unknown {
    switch (request.op) {
      case "publish": {
        const channel = this.#channel(request.channel);
        const event = { id: `${this.#epoch}-${++this.#seq}`, payload: request.payload };
        channel.add(this.#seq, event, request.keep, performance.now());
        for (const listener of channel.listeners)
          listener.send({ op: "event", channel: request.channel, ...event });
        return event.id;
      }
      case "history": {
        const [epoch, seq] = splitId(request.after);
        if (epoch !== this.#epoch || seq > this.#seq) return { events: [], gap: true };
        return this.#channel(request.channel).after(seq, performance.now());
      }
      case "increment":
        return this.#count(request.key, request.ms);
      case "acquire": {
        const lease = this.#leases.get(request.name);
        const now = performance.now();
        const isFree = lease === undefined || lease.until <= now || lease.holder === port.id;
        if (isFree) this.#leases.set(request.name, { holder: port.id, until: now + request.ms });
        return isFree;
      }
      case "release":
        if (this.#leases.get(request.name)?.holder === port.id) this.#leases.delete(request.name);
        return null;
    }
  }

  #append(name: string, from: string, n: number, change: CacheChange): void {
    const cache = this.#cache(name);
    if (from !== "" && n <= (cache.written.get(from) ?? 0)) return;
    cache.written.set(from, n);
    const entry = { seq: cache.state.seq + 1, at: Date.now(), from, n, change };
    cache.state.apply(entry);
    if (cache.waiting.push(entry) === 1) setImmediate(() => this.#flush(name, cache));
    this.#awaitExpiry(name, cache);
  }

  /** Sends one message for everything that was sequenced in a turn of the event loop. */
  #flush(name: string, cache: HubCache): void {
    const entries = cache.waiting;
    if (entries.length === 0) return;
    cache.waiting = [];
    for (const member of cache.members) member.send({ op: "entries", cache: name, entries });
  }

  #awaitExpiry(name: string, cache: HubCache): void {
    const next = cache.state.nextExpiry;
    if (next === undefined || cache.timer !== undefined) return;
    const wait = Math.min(Math.max(next - Date.now(), 1), 2 ** 31 - 1);
    cache.timer = setTimeout(() => {
      cache.timer = undefined;
      if ((cache.state.nextExpiry ?? Number.POSITIVE_INFINITY) > Date.now()) this.#awaitExpiry(name, cache);
      else this.#append(name, "", 0, { op: "tick", max: 0 });
    }, wait).unref();
  }

  #count(key: string, ms: number): Count {
    // The time of day may be set back, and a count must not last longer then.
    const now = performance.now();
    const known = this.#counts.get(key);
    const isOver = known === undefined || known.until <= now;
    const { count, until } = isOver ? { count: 1, until: now + ms } : { ...known, count: known.count + 1 };
    this.#counts.set(key, { count, until });
    return { count, resetAt: Math.ceil(Date.now() + until - now) };
  }

  #cache(name: string): HubCache {
    let cache = this.#caches.get(name);
    if (cache === undefined) {
      cache = {
        state: new CacheState(),
        members: new Set(),
        written: new Map(),
        waiting: [],
        timer: undefined,
      };
      this.#caches.set(name, cache);
    }
    return cache;
  }

  #channel(name: string): HubChannel<Port> {
    let channel = this.#channels.get(name);
    if (channel === undefined) {
      if (this.#channels.size >= mostChannels) this.#forgetChannel();
      // Events that were published before this channel was first used are not known.
      channel = new HubChannel(this.#seq);
      this.#channels.set(name, channel);
    }
    return channel;
  }

  /** Frees memory. A subscriber that returns to the forgotten channel gets a gap. */
  #forgetChannel(): void {
    for (const [name, { listeners }] of this.#channels) {
      if (listeners.size === 0) return void this.#channels.delete(name);
    }
  }

  #disconnect(port: Port, lost: boolean): void {
    if (!this.#ports.delete(port)) return;
    for (const { members, written } of this.#caches.values()) {
      members.delete(port);
      written.delete(port.id);
    }
    for (const { listeners } of this.#channels.values()) listeners.delete(port);
    for (const [name, { holder }] of this.#leases) if (holder === port.id) this.#leases.delete(name);
    if (lost && port.id !== "") for (const other of this.#ports) other.send({ op: "gap", lost: port.id });
  }

  #forgetOld(): void {
    const now = performance.now();
    for (const [key, { until }] of this.#counts) if (until <= now) this.#counts.delete(key);
    for (const [name, channel] of this.#channels) if (channel.isForgettable(now)) this.#channels.delete(name);
  }
}
