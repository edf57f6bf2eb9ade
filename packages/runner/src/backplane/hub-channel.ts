import type { ChannelEvent, ChannelHistory, KeepOptions } from "./backplane.js";

interface KeptEvent {
  readonly seq: number;
  readonly time: number;
  readonly event: ChannelEvent;
}

/** The hub's record of a channel: its subscribers and its kept events. */
export class HubChannel<Listener> {
  readonly listeners: Set<Listener> = new Set();
  #kept: KeptEvent[] = [];
  #keepTime = Number.POSITIVE_INFINITY;
  /** The last event that is no longer kept. All later events are kept. */
  #floor: number;

  constructor(floor: number) {
    this.#floor = floor;
  }

  add(seq: number, event: ChannelEvent, keep: KeepOptions | undefined, now: number): void {
    const count = keep?.count ?? 0;
    this.#keepTime = keep?.ms ?? Number.POSITIVE_INFINITY;
    this.#kept.push({ seq, time: now, event });
    this.#drop(this.#kept.length - count);
    this.#dropOld(now);
  }

  after(seq: number, now: number): ChannelHistory {
    this.#dropOld(now);
    const events = this.#kept.filter((kept) => kept.seq > seq).map(({ event }) => event);
    return seq < this.#floor ? { events: [], gap: true } : { events, gap: false };
  }

  isForgettable(now: number): boolean {
    this.#dropOld(now);
    return this.listeners.size === 0 && this.#kept.length === 0;
  }

  #dropOld(now: number): void {
    const index = this.#kept.findIndex(({ time }) => now - time < this.#keepTime);
    this.#drop(index === -1 ? this.#kept.length : index);
  }

  #drop(count: number): void {
    if (count <= 0) return;
    this.#floor = this.#kept[count - 1]?.seq ?? this.#floor;
    this.#kept = this.#kept.slice(count);
  }
}
