import type { RelayEvent } from "./types.js";

type Payload = Extract<RelayEvent, { readonly id: string }>;

interface KeptEvent {
  readonly sequence: number;
  readonly time: number;
  readonly event: Payload;
}

/** The subscribers of a channel, and the events that it keeps. */
export class Channel {
  readonly listeners: Set<(event: RelayEvent) => void> = new Set();
  #kept: KeptEvent[] = [];
  #keepTime = Number.POSITIVE_INFINITY;
  /** The number of the last event that is not kept. All later events are kept. */
  #floor: number;

  constructor(floor: number) {
    this.#floor = floor;
  }

  add(sequence: number, event: Payload, count: number, ms: number, now: number): void {
    this.#keepTime = ms;
    this.#kept.push({ sequence, time: now, event });
    this.#drop(this.#kept.length - count);
    this.#dropOld(now);
  }

  /** Returns the events after an event, or `undefined` if some of them are not kept. */
  after(sequence: number, now: number): readonly Payload[] | undefined {
    this.#dropOld(now);
    if (sequence < this.#floor) return undefined;
    return this.#kept.filter((kept) => kept.sequence > sequence).map(({ event }) => event);
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
    this.#floor = this.#kept[count - 1]?.sequence ?? this.#floor;
    this.#kept.splice(0, count);
  }
}
