const smallest = 4 * 1024;
const largest = 64 * 1024;
/** The number of characters that are turned into bytes in one call. */
const textLength = 4 * 1024;

/**
 * Collects lines as bytes. Many strings that live for some milliseconds would keep the garbage collector busy, and a
 * call for each line would cost more than its bytes. So some lines wait as one string.
 */
export class LineBuffer {
  #text = "";
  #full: Buffer[] = [];
  #current: Buffer | undefined;
  #used = 0;
  #length = 0;
  #next = smallest;

  /** The number of bytes, if each character that waits is one byte. */
  get size(): number {
    return this.#length + this.#text.length;
  }

  /** The number of bytes. */
  get length(): number {
    this.#encode();
    return this.#length;
  }

  /** Adds a line and its line break. */
  add(line: string): void {
    this.#text += `${line}\n`;
    if (this.#text.length >= textLength) this.#encode();
  }

  /** Returns all bytes, and empties the buffer. */
  take(): Buffer {
    this.#encode();
    this.#seal();
    const [first, ...others] = this.#full;
    const all =
      first === undefined ? Buffer.alloc(0) : others.length === 0 ? first : Buffer.concat(this.#full);
    this.#full = [];
    this.#length = 0;
    this.#next = Math.min(largest, Math.max(smallest, all.length));
    return all;
  }

  #encode(): void {
    const text = this.#text;
    if (text === "") return;
    this.#text = "";
    // A character takes three bytes at most.
    const most = text.length * 3;
    let current = this.#current;
    if (current === undefined || this.#used + most > current.length) current = this.#begin(most);
    const written = current.write(text, this.#used);
    this.#used += written;
    this.#length += written;
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
