import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { type CacheChange, type CacheEntry, readChange } from "../../cache/cache-change.js";
import type { CacheSnapshot } from "../../cache/cache-state.js";
import type { CacheMember } from "../backplane.js";
import { isSnapshot } from "../hub-messages.js";
import type { RedisLink } from "./redis-link.js";
import { appendScript, saveScript, stateScript, syncScript } from "./scripts.js";

/** The content, and the number of each process's last write in it. A process need not send these writes again. */
interface StoredSnapshot extends CacheSnapshot {
  readonly written: Readonly<Record<string, number>>;
}

type SyncReply = [
  epoch: string,
  kind: "filled" | "tail" | "whole",
  last?: string,
  lines?: string[],
  text?: string,
];
type WaitReply = [epoch: string, kind: "wait", others: number];

// The times to wait for a process that has the whole content. Each such process is asked, and answers at once. After
// Redis was away, it first has to connect again.
const startPatience = 250;
const lossPatience = 3000;
// It is not a message of any epoch, so the processes read the cache again, and see what is missing.
const question = "?";
// The number of writes between two stored snapshots, and the number of writes in one command.
const snapshotEvery = 1000;
const mostAtOnce = 500;
// Writes before the snapshot are kept for a process that was disconnected, because only these writes contain the
// results of its own operations. These are the limits: a number of writes, and a number of characters.
const mostBehind = 10_000;
const mostKept = 16_000_000;
const mostWriters = 1000;

/** One cache of this process on Redis: its replica, and its writes that are not sequenced yet. */
export class RedisCache {
  readonly channel: string;
  readonly #keys: Readonly<Record<"epoch" | "seq" | "stream" | "writer" | "snapshot" | "number", string>>;
  readonly #link: RedisLink;
  readonly #id: string;
  readonly #member: CacheMember;
  readonly #warn: () => void;
  readonly #pending = new Map<number, CacheChange>();
  readonly #written = new Map<string, number>();
  #epoch = "";
  #sent = 0;
  #isSending = false;
  #waiting: string[] | undefined = [];
  #expiry: NodeJS.Timeout | undefined;
  #behind = 0;
  /** The size of the writes since this process last stored the content, in characters. */
  #length = 0;

  constructor(
    link: RedisLink,
    prefix: string,
    name: string,
    id: string,
    member: CacheMember,
    warn: () => void,
  ) {
    this.#link = link;
    this.#id = id;
    this.#member = member;
    this.#warn = warn;
    const key = `${prefix}cache:${name}:`;
    this.channel = `${key}writes`;
    this.#keys = {
      epoch: `${key}epoch`,
      seq: `${key}seq`,
      stream: `${key}stream`,
      writer: `${key}writer:${id}`,
      snapshot: `${key}snapshot`,
      number: `${key}number`,
    };
  }

  /** Reads the missing writes, or the whole content if necessary. Then sends the writes that may not have arrived. */
  async sync(): Promise<void> {
    this.#waiting = [];
    await this.#link.subscribe(this.channel);
    await this.#catchUp();
    this.#sent = 0;
    this.#send();
  }

  append(n: number, change: CacheChange): void {
    this.#pending.set(n, change);
    this.#send();
  }

  /** Sends the writes that waited for the connection. */
  resume(): void {
    this.#send();
  }

  receive(message: string): void {
    if (this.#waiting === undefined) this.#take(message);
    else if (message !== question) this.#waiting.push(message);
  }

  /** Notices a server that lost its data or a part of it, and messages that did not arrive. */
  async beat(): Promise<void> {
    const { epoch, seq, stream, snapshot, number } = this.#keys;
    const reply = await this.#link.run(stateScript, [epoch, seq, stream, snapshot, number], []);
    const [found, last, isComplete] = reply as [string, string, number];
    this.#behind = Number(last) > this.#member.seq ? this.#behind + 1 : 0;
    if (found !== this.#epoch || this.#behind > 2 || Number(isComplete) === 0) await this.sync();
  }

  leave(): void {
    clearTimeout(this.#expiry);
    void this.#link.unsubscribe(this.channel);
  }

  async #catchUp(): Promise<void> {
    const content = this.#epoch === "" ? "" : this.#content();
    const [found, kind, last = "0", lines = [], text = ""] = await this.#read(content);
    this.#epoch = found;
    if (kind === "filled") {
      // A cache that no process has used yet begins empty.
      if (content === "") this.#member.load({ seq: 0, at: 0, items: [] }, 0);
    } else if (kind === "whole") {
      const stored = readSnapshot(text);
      if (stored === undefined) this.#warn();
      const confirmed = Math.max(Number(last), stored?.written[this.#id] ?? 0);
      // The writes after the snapshot arrive later and settle their own promises.
      const first = lines.map(readLine).find((entry) => entry?.from === this.#id)?.n;
      const known = first === undefined ? confirmed : first - 1;
      for (const n of this.#pending.keys()) if (n <= known) this.#pending.delete(n);
      this.#written.clear();
      for (const [from, n] of Object.entries(stored?.written ?? {})) this.#written.set(from, n);
      this.#member.load(stored ?? { seq: 0, at: 0, items: [] }, known);
    }
    for (const line of lines) this.#apply(line);
    const waiting = this.#waiting ?? [];
    this.#waiting = undefined;
    for (const message of waiting) this.#take(message);
    this.#awaitExpiry();
  }

  /** Reads the cache. If Redis does not have all of it, waits until a process that has it has stored it again. */
  async #read(content: string): Promise<SyncReply> {
    const { epoch, seq, stream, writer, snapshot, number } = this.#keys;
    const keys = [epoch, seq, stream, writer, snapshot, number];
    const known = [randomUUID().slice(0, 8), this.#epoch, this.#member.seq, content];
    const asked = performance.now();
    for (let isLast = false; ; ) {
      const args = [...known, this.channel, question, isLast ? 1 : 0];
      const reply = (await this.#link.run(syncScript, keys, args)) as SyncReply | WaitReply;
      if (reply[1] !== "wait") return reply as SyncReply;
      const [found, , others] = reply as WaitReply;
      const { isReturning } = this.#link;
      const patience = found !== "" || isReturning ? lossPatience : startPatience;
      const isAlone = Number(others) === 0 && !isReturning;
      isLast = isAlone || performance.now() - asked >= patience;
      if (!isLast) await sleep(50, undefined, { ref: false });
    }
  }

  #take(message: string): void {
    const [epoch = "", ...lines] = message.split("\n");
    if (epoch !== this.#epoch) {
      this.#resync();
      return;
    }
    for (const line of lines) {
      if (this.#waiting !== undefined) return;
      this.#apply(line);
    }
    this.#awaitExpiry();
  }

  #apply(line: string): void {
    const entry = readLine(line);
    if (entry === undefined) {
      this.#warn();
      return;
    }
    if (entry.seq <= this.#member.seq) return;
    if (entry.seq > this.#member.seq + 1) {
      this.#resync();
      return;
    }
    if (entry.from === this.#id) this.#pending.delete(entry.n);
    this.#written.delete(entry.from);
    this.#written.set(entry.from, entry.n);
    if (this.#written.size > mostWriters) this.#written.delete(this.#written.keys().next().value ?? "");
    this.#length += line.length;
    this.#member.apply(entry);
    if (entry.seq % snapshotEvery === 0 && entry.from === this.#id) void this.#store().catch(() => {});
  }

  #resync(): void {
    if (this.#waiting !== undefined) return;
    this.#waiting = [];
    this.sync().catch((error: unknown) => this.#link.reset(error));
  }

  async #store(): Promise<void> {
    const { epoch, stream, snapshot, number } = this.#keys;
    const average = Math.max(1, this.#length / snapshotEvery);
    this.#length = 0;
    const behind = Math.min(mostBehind, Math.floor(mostKept / average));
    await this.#link.run(
      saveScript,
      [epoch, stream, snapshot, number],
      [this.#epoch, this.#member.seq, this.#content(), behind],
    );
  }

  #content(): string {
    return JSON.stringify({ ...this.#member.save(), written: Object.fromEntries(this.#written) });
  }

  /** Sends the writes batch by batch. The writes of one turn of the event loop are sent together. */
  #send(): void {
    if (this.#isSending) return;
    this.#isSending = true;
    setImmediate(async () => {
      try {
        while (this.#link.isUp && this.#waiting === undefined) {
          const batch = Array.from(this.#pending).filter(([n]) => n > this.#sent);
          if (batch.length === 0) break;
          await this.#sendBatch(batch.slice(0, mostAtOnce));
        }
      } catch (error) {
        // Everything is sent again over the next connection. This also happens if the connection works but the server
        // refuses to write.
        if (this.#link.isUp) this.#link.reset(error);
      } finally {
        this.#isSending = false;
      }
    });
  }

  async #sendBatch(batch: readonly (readonly [number, CacheChange])[]): Promise<void> {
    const { epoch, seq, stream, writer } = this.#keys;
    this.#sent = batch.at(-1)?.[0] ?? this.#sent;
    const items = batch.flatMap(([n, change]) => [n, JSON.stringify(change)]);
    const reply = await this.#link.run(
      appendScript,
      [epoch, seq, stream, writer],
      [this.#epoch, this.#id, this.channel, ...items],
    );
    if (reply === "EPOCH") this.#resync();
  }

  /** Every process waits for a different time, so that usually only one of them writes the expiry of entries. */
  #awaitExpiry(): void {
    const next = this.#member.nextExpiry;
    if (next === undefined || this.#expiry !== undefined) return;
    const wait = Math.max(next - Date.now(), 0) + 20 + Math.random() * 100;
    this.#expiry = setTimeout(
      async () => {
        this.#expiry = undefined;
        const isDue = (this.#member.nextExpiry ?? Number.POSITIVE_INFINITY) <= Date.now();
        if (isDue && this.#link.isUp) await this.#tick().catch(() => {});
        this.#awaitExpiry();
      },
      Math.min(wait, 2 ** 31 - 1),
    ).unref();
  }

  async #tick(): Promise<void> {
    const { epoch, seq, stream, writer } = this.#keys;
    const change = JSON.stringify({ op: "tick", max: 0 });
    await this.#link.run(
      appendScript,
      [epoch, seq, stream, writer],
      [this.#epoch, "-", this.channel, 0, change],
    );
  }
}

function readLine(line: string): CacheEntry | undefined {
  const match = /^(\d+) (\d+) (\S+) (\d+) (.*)$/s.exec(line);
  if (match === null) return undefined;
  const [, seq, at, from = "", n, text = ""] = match;
  const change = readChange(parse(text));
  // An unreadable message still counts in the sequence. Otherwise it would look as if the message before the next one
  // was missing.
  return { seq: Number(seq), at: Number(at), from, n: Number(n), change: change ?? { op: "tick", max: 0 } };
}

function readSnapshot(text: string): StoredSnapshot | undefined {
  const value = text === "" ? { seq: 0, at: 0, items: [], written: {} } : parse(text);
  return isSnapshot(value) && "written" in value ? (value as StoredSnapshot) : undefined;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
