import { randomUUID } from "node:crypto";
import type { CacheChange } from "../cache/cache-change.js";
import { createDeferred, type Deferred } from "../cluster/deferred.js";
import { BackplaneError } from "../errors.js";
import { warnOnce } from "../protocol/warn-once.js";
import type {
  Backplane,
  BackplaneListener,
  CacheLink,
  CacheMember,
  ChannelHistory,
  Count,
  KeepOptions,
} from "./backplane.js";
import { type HubRequest, readHubMessage } from "./hub-messages.js";

/** A connection to a hub, in the same process or in the primary. */
export interface HubConnection {
  send(request: HubRequest): void;
  onMessage(listener: (value: unknown) => void): void;
  close(): void;
}

interface JoinedCache {
  readonly member: CacheMember;
  readonly joined: Deferred<void>;
  readonly waiting: [number, CacheChange][];
}

/** The backplane of the processes of one machine. */
export class HubClient implements Backplane {
  readonly id: string = randomUUID();
  readonly isOfMany = false;
  readonly #connection: HubConnection;
  readonly #caches = new Map<string, JoinedCache>();
  readonly #calls = new Map<number, (value: unknown) => void>();
  readonly #listeners = new Set<BackplaneListener>();
  #call = 0;
  #isClosed = false;

  constructor(connection: HubConnection) {
    this.#connection = connection;
    connection.onMessage((value) => this.#receive(value));
    connection.send({ op: "hello", id: this.id });
  }

  addListener(listener: BackplaneListener): void {
    this.#listeners.add(listener);
  }

  async join(cache: string, member: CacheMember): Promise<CacheLink> {
    if (this.#caches.has(cache))
      throw new BackplaneError(
        `The cache ${cache} is already open in this process; use that ClusterCache, or close it first.`,
      );
    const joined: JoinedCache = { member, joined: createDeferred(), waiting: [] };
    this.#caches.set(cache, joined);
    this.#send({ op: "join", cache });
    await joined.joined.promise;
    return {
      append: (n, change) => {
        if (joined.waiting.push([n, change]) > 1) return;
        // One message contains all writes of one turn of the event loop.
        setImmediate(() => this.#send({ op: "append", cache, items: joined.waiting.splice(0) }));
      },
      leave: () => {
        this.#caches.delete(cache);
        this.#send({ op: "leave", cache });
      },
    };
  }

  publish(channel: string, payload: unknown, keep?: KeepOptions): Promise<string> {
    return this.#ask((call) => ({ op: "publish", call, channel, payload, keep })) as Promise<string>;
  }

  async listen(channel: string): Promise<void> {
    this.#send({ op: "listen", channel });
  }

  unlisten(channel: string): void {
    this.#send({ op: "unlisten", channel });
  }

  history(channel: string, after: string): Promise<ChannelHistory> {
    return this.#ask((call) => ({ op: "history", call, channel, after })) as Promise<ChannelHistory>;
  }

  increment(key: string, ms: number): Promise<Count> {
    return this.#ask((call) => ({ op: "increment", call, key, ms })) as Promise<Count>;
  }

  acquire(name: string, ms: number): Promise<boolean> {
    return this.#ask((call) => ({ op: "acquire", call, name, ms })) as Promise<boolean>;
  }

  async release(name: string): Promise<void> {
    await this.#ask((call) => ({ op: "release", call, name }));
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#connection.close();
  }

  #send(request: HubRequest): void {
    if (!this.#isClosed) this.#connection.send(request);
  }

  #ask(toRequest: (call: number) => HubRequest): Promise<unknown> {
    if (this.#isClosed) return Promise.reject(new BackplaneError("The backplane is closed."));
    const call = ++this.#call;
    const answered = new Promise<unknown>((resolve) => this.#calls.set(call, resolve));
    this.#send(toRequest(call));
    return answered;
  }

  #receive(value: unknown): void {
    const message = readHubMessage(value);
    switch (message?.op) {
      case "snapshot": {
        const cache = this.#caches.get(message.cache);
        cache?.member.load(message.snapshot, message.confirmed);
        cache?.joined.resolve();
        return;
      }
      case "entries": {
        const cache = this.#caches.get(message.cache);
        for (const entry of message.entries) cache?.member.apply(entry);
        return;
      }
      case "event":
        for (const listener of this.#listeners) {
          listener.onEvent(message.channel, { id: message.id, payload: message.payload });
        }
        return;
      case "gap":
        for (const listener of this.#listeners) listener.onGap(message.lost);
        return;
      case "answer":
        this.#calls.get(message.call)?.(message.value);
        this.#calls.delete(message.call);
        return;
      default:
        warnOnce();
    }
  }
}
