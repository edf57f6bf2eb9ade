/**
 * The keys that expire, ordered by the time of expiry. If an entry was written again, its old mark stays, and is
 * skipped later.
 */
export class ExpiryHeap {
  readonly #heap: { readonly key: string; readonly expires: number }[] = [];

  /** The time of the soonest mark; `undefined` when there is none. */
  get first(): number | undefined {
    return this.#heap[0]?.expires;
  }

  add(key: string, expires: number): void {
    if (!Number.isFinite(expires)) return;
    const heap = this.#heap;
    const mark = { key, expires };
    let index = heap.length;
    heap.push(mark);
    while (index > 0) {
      const parent = (index - 1) >> 1;
      const above = heap[parent];
      if (above === undefined || above.expires <= expires) break;
      heap[index] = above;
      index = parent;
    }
    heap[index] = mark;
  }

  /** Removes due marks until a mark is found that is not outdated. Returns the key. */
  takeDue(now: number, expiryOf: (key: string) => number | undefined): string | undefined {
    for (let mark = this.#heap[0]; mark !== undefined && mark.expires <= now; mark = this.#heap[0]) {
      this.#removeFirst();
      if (expiryOf(mark.key) === mark.expires) return mark.key;
    }
    return undefined;
  }

  clear(): void {
    this.#heap.length = 0;
  }

  #removeFirst(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let index = 0;
    for (;;) {
      let child = 2 * index + 1;
      const left = heap[child];
      const right = heap[child + 1];
      if (left === undefined) break;
      if (right !== undefined && right.expires < left.expires) child++;
      const least = right !== undefined && right.expires < left.expires ? right : left;
      if (least.expires >= last.expires) break;
      heap[index] = least;
      index = child;
    }
    heap[index] = last;
  }
}
