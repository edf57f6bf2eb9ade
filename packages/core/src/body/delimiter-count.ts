/**
 * Counts the delimiter lines of the parts of a form. The parser of forms silently skips parts that it does not
 * understand. The number of parts shows whether a part was skipped.
 */
export class DelimiterCount {
  readonly #delimiter: Buffer;
  // A delimiter may be at the very beginning, without a line break before it.
  #rest: Buffer = Buffer.from("\r\n");
  #found = 0;
  #isClosed = false;

  constructor(boundary: string) {
    this.#delimiter = Buffer.from(`\r\n--${boundary}`, "latin1");
  }

  /** The number of parts that the delimiters announced. */
  get parts(): number {
    return this.#isClosed ? this.#found - 1 : this.#found;
  }

  /** Gets the bytes of the form as they arrive. */
  take(chunk: Buffer): void {
    if (this.#isClosed) return;
    const bytes = Buffer.concat([this.#rest, chunk]);
    const { length } = this.#delimiter;
    let from = 0;
    for (;;) {
      const at = bytes.indexOf(this.#delimiter, from);
      // The two bytes after a delimiter show whether it is the last delimiter.
      if (at === -1 || at + length + 2 > bytes.length) {
        this.#rest = bytes.subarray(at === -1 ? Math.max(from, bytes.length - length + 1) : at);
        return;
      }
      this.#found++;
      from = at + length;
      if (bytes.toString("latin1", from, from + 2) === "--") {
        this.#isClosed = true;
        return;
      }
    }
  }
}
