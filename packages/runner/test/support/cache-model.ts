import type { CacheEntry, CacheSnapshot } from "@miqro/runner/relay";

interface Held {
  readonly kind: string;
  content: unknown;
  expires: number;
  written: number;
}

/** What a sequence of writes to a cache means, as plainly as it can be said: every step looks at everything. */
export class CacheModel {
  readonly #held = new Map<string, Held>();
  #at = 0;
  seq = 0;

  get nextExpiry(): number | undefined {
    const times = [...this.#held.values()].map(({ expires }) => expires).filter(Number.isFinite);
    return times.length === 0 ? undefined : Math.min(...times);
  }

  load(snapshot: CacheSnapshot): void {
    this.#held.clear();
    this.seq = snapshot.seq;
    this.#at = snapshot.at;
    snapshot.items.forEach(([key, kind, content, expires], index) => {
      this.#held.set(key, {
        kind,
        content,
        expires: expires || Number.POSITIVE_INFINITY,
        written: index - 1e9,
      });
    });
  }

  apply({ seq, at, change }: CacheEntry): void {
    this.seq = seq;
    this.#at = Math.max(this.#at, at);
    for (const [key, { expires }] of this.#held) if (expires <= this.#at) this.#held.delete(key);
    if (change.op === "tick") return;
    if (change.op === "clear") {
      this.#held.clear();
      return;
    }
    const { key } = change;
    const held = this.#held.get(key);
    const put = (kind: string, content: unknown, expires = held?.expires ?? Number.POSITIVE_INFINITY) => {
      this.#held.set(key, { kind, content, expires, written: seq });
      while (this.#held.size > change.max) {
        this.#held.delete(this.#byAge()[0]?.[0] ?? "");
      }
    };
    const same = (left: unknown, right: unknown) => JSON.stringify(left) === JSON.stringify(right);
    const list = Array.isArray(held?.content) ? (held.content as readonly unknown[]) : [];
    const isKind = (kind: string) => held === undefined || held.kind === kind;
    switch (change.op) {
      case "set":
        put("value", change.value, this.#at + (change.ttl ?? Number.POSITIVE_INFINITY));
        return;
      case "unset":
        this.#held.delete(key);
        return;
      case "incr":
        if (held === undefined) put("value", change.by);
        else if (typeof held.content === "number") put("value", held.content + change.by);
        return;
      case "set_add":
        if (isKind("set") && !list.some((one) => same(one, change.value)))
          put("set", [...list, change.value]);
        return;
      case "set_delete": {
        const rest = list.filter((one) => !same(one, change.value));
        if (held?.kind !== "set" || rest.length === list.length) return;
        if (rest.length === 0) this.#held.delete(key);
        else put("set", rest);
        return;
      }
      case "array_push":
        if (isKind("array")) put("array", [...list, change.value]);
        return;
      case "set_clear":
      case "array_clear":
        if (held !== undefined && change.op.startsWith(held.kind)) this.#held.delete(key);
        return;
    }
  }

  /** The one written longest ago first. */
  keys(): string[] {
    const now = Date.now();
    return this.#byAge().flatMap(([key, { expires }]) => (expires > now ? [key] : []));
  }

  get(key: string): unknown {
    return this.#held.get(key)?.content;
  }

  save(): CacheSnapshot {
    const items = this.#byAge().map(([key, { kind, content, expires }]) => {
      return [
        key,
        kind,
        content,
        Number.isFinite(expires) ? expires : 0,
      ] as unknown as CacheSnapshot["items"][number];
    });
    return { seq: this.seq, at: this.#at, items };
  }

  #byAge(): [string, Held][] {
    return [...this.#held].sort(([, left], [, right]) => left.written - right.written);
  }
}
