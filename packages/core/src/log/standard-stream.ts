import { fs } from "../platform/builtins.js";

type StandardName = "stdout" | "stderr";

/** The time that an exit waits for a reader that takes nothing, in milliseconds. */
const longestStall = 2000;
/** The number of characters that may wait for a slow reader. */
const mostWaiting = 64 * 1024 * 1024;

/**
 * Stands before stdout or stderr. Node writes to pipes at once while their reader is fast enough. Chunks in Node's own
 * queue are lost when the process exits. So Node gets at most one chunk at a time, and the rest waits here, where an
 * exit can write it.
 */
class StandardStream {
  readonly #name: StandardName;
  readonly #stream: NodeJS.WriteStream;
  #waiting = "";
  // The chunk that Node has not yet written completely.
  #sent: { readonly text: string } | undefined;
  #lost = 0;

  constructor(name: StandardName) {
    this.#name = name;
    this.#stream = process[name];
    // Without a listener, an error would end the process.
    this.#stream.on("error", (error: NodeJS.ErrnoException) => report(name, error));
    process.on("exit", () => this.#writeRest());
  }

  write(text: string): void {
    if (!this.#stream.writable) return;
    // Another program has replaced `write`, and the replacement does not report the end of a write.
    if (this.#sent !== undefined && this.#stream.writableLength === 0) this.#sendWaiting();
    if (this.#sent === undefined) this.#send(text);
    else if (this.#waiting.length <= mostWaiting) this.#waiting += text;
    else this.#lost++;
  }

  /** Resolves when all text so far has been taken, or can never be taken. */
  async flush(): Promise<void> {
    while (this.#sent !== undefined && this.#stream.writable) {
      await new Promise<void>((resolve) => void this.#stream.write("", () => resolve()));
    }
  }

  #send(text: string): void {
    const chunk = { text };
    this.#sent = chunk;
    this.#stream.write(text, () => {
      // The callback of a chunk that was written at once comes later, when the next chunk may already be on its way.
      if (this.#sent === chunk) this.#sendWaiting();
    });
    if (this.#stream.writableLength === 0) this.#sent = undefined;
  }

  #sendWaiting(): void {
    this.#sent = undefined;
    const text = this.#waiting;
    this.#waiting = "";
    if (this.#lost > 0) {
      const lost = this.#lost;
      this.#lost = 0;
      if (this.#name === "stdout")
        writeStandard("stderr", `${lost} lines of the log are lost, since stdout is not read.\n`);
    }
    if (text !== "" && this.#stream.writable) this.#send(text);
  }

  #writeRest(): void {
    if (!this.#stream.writable || this.#sent === undefined) return;
    const sent = Buffer.from(this.#sent.text);
    // The number of bytes that have not left yet. Node shows it nowhere else.
    const { _handle: handle } = this.#stream as { _handle?: { writeQueueSize?: number } };
    const unsent = sent.subarray(sent.length - Math.min(sent.length, handle?.writeQueueSize ?? sent.length));
    const rest = Buffer.concat([unsent, Buffer.from(this.#waiting)]);
    try {
      writePatiently(this.#name === "stdout" ? 1 : 2, rest);
    } catch {
      // The reader has gone.
    }
  }
}

/**
 * Writes bytes at the exit of the process, also to a pipe whose reader is slow.
 *
 * @returns The bytes that are left, because the reader took nothing for some time.
 */
export function writePatiently(fd: number, bytes: Buffer): Buffer {
  const cell = new Int32Array(new SharedArrayBuffer(4));
  let stalled = performance.now() + longestStall;
  let at = 0;
  while (at < bytes.length && performance.now() < stalled) {
    try {
      at += fs.writeSync(fd, bytes, at);
      stalled = performance.now() + longestStall;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EAGAIN") throw error;
      Atomics.wait(cell, 0, 0, 1);
    }
  }
  return bytes.subarray(at);
}

const streams = new Map<StandardName, StandardStream>();

function toStream(name: StandardName): StandardStream {
  let stream = streams.get(name);
  if (stream === undefined) {
    stream = new StandardStream(name);
    streams.set(name, stream);
  }
  return stream;
}

/**
 * Writes to stdout or stderr. The reader can go away, as `head` does, and the disk can be full. In these cases lines
 * are lost, but the process must live.
 */
export function writeStandard(name: StandardName, text: string): void {
  toStream(name).write(text);
}

/** Resolves when all text so far has been taken, or can never be taken. */
export function flushStandard(name: StandardName): Promise<void> {
  return toStream(name).flush();
}

let hasReported = false;

function report(name: StandardName, error: NodeJS.ErrnoException): void {
  if (name === "stderr" || error.code === "EPIPE" || hasReported) return;
  hasReported = true;
  writeStandard("stderr", `Lines of the log are lost, since stdout cannot be written: ${error.message}\n`);
}
