const smallest = 4 * 1024;
const largest = 64 * 1024;

/** Collects lines as bytes. Many strings that live for some milliseconds would keep the garbage collector busy. */
export class LineBuffer {
  #full: Buffer[] = [];
  #current: Buffer | undefined;
  #used = 0;
  #length = 0;
  #next = smallest;

  /** The number of bytes. */
  get length(): number {
    return this.#length;
  }

  /** Adds a line and its line break. */
  add(line: string): void {
    // A character takes three bytes at most.
    const most = line.length * 3 + 1;
    let current = this.#current;
    if (current === undefined || this.#used + most > current.length) current = this.#begin(most);
    const start = this.#used;
    let end = start + current.write(line, start);
    current[end++] = 10;
    this.#used = end;
    this.#length += end - start;
  }

  /** Returns all bytes, and empties the buffer. */
  take(): Buffer {
    this.#seal();
    const [first, ...others] = this.#full;
    const all =
      first === undefined ? Buffer.alloc(0) : others.length === 0 ? first : Buffer.concat(this.#full);
    this.#full = [];
    this.#length = 0;
    this.#next = Math.min(largest, Math.max(smallest, all.length));
    return all;
  }

  #begin(least: number): Buffer {
    this.#seal();
    this.#current = Buffer.allocUnsafe(Math.max(least, this.#next));
    this.#next = largest;
    return this.#current;
  }

  #seal(): void {
    if (this.#current !== undefined && this.#used > 0) this.#full.push(this.#current.subarray(0, this.#used));
    this.#current = undefined;
    this.#used = 0;
  }
}
