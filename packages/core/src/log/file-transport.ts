import { checkOptions } from "../options/check-options.js";
import { kinds, type OptionKinds } from "../options/kinds.js";
import { parseSize } from "../options/size.js";
import { fs, loadOnUse } from "../platform/builtins.js";
import { levelKind } from "./level.js";
import type { LineBuffer } from "./line-buffer.js";
import { writePatiently, writeStandard } from "./standard-stream.js";
import type { LogLevel, LogRecord, LogTransport } from "./types.js";

/** The options of a log file. */
export interface FileTransportOptions {
  /** The path of the file. Its folder has to exist. */
  readonly path: string;
  /** The least important level that is written. Default: every line of the logger. */
  readonly level?: LogLevel;
  /** The size at which a new file is begun: bytes, or a size such as `"10mb"`. Default 0, never. */
  readonly maxSize?: number | string;
  /** The number of earlier files to keep: `path.1` (the latest) to `path.5`. Default 5. */
  readonly maxFiles?: number;
  /** A signal that begins a new file, such as `"SIGHUP"`. Default none. */
  readonly signal?: NodeJS.Signals;
  /**
   * The largest amount that waits while the file cannot be written: bytes, or a size such as `"16mb"`, which is the
   * default.
   */
  readonly maxBuffered?: number | string;
}

const transportKinds: OptionKinds<FileTransportOptions> = {
  path: { words: "the path of a file", test: (value) => typeof value === "string" && value !== "" },
  level: levelKind,
  maxSize: kinds.size,
  maxFiles: kinds.count,
  signal: {
    words: 'the name of a signal, such as "SIGHUP"',
    test: (value) =>
      Object.hasOwn(process.getBuiltinModule("node:os").constants.signals, value as string) &&
      value !== "SIGKILL" &&
      value !== "SIGSTOP",
  },
  maxBuffered: kinds.size,
};

interface OpenFile {
  readonly fd: number;
  readonly inode: number;
  readonly device: number;
  /** False for a pipe or a device. */
  readonly isRegular: boolean;
  size: number;
}

/** The time that lines are collected, in milliseconds. */
const collectFor = 20;
const retryAfter = 1000;
const lookEvery = 1000;
const longestExit = 2000;
/** After this number of bytes, lines are written at once. */
const enough = 256 * 1024;

const loadLines = loadOnUse<typeof import("./line-buffer.js")>(import.meta.url, "./line-buffer.js");

/**
 * Appends lines to a file. Lines are collected for some milliseconds, and written by a thread of the pool. The rest is
 * written when the process exits.
 */
export class FileTransport implements LogTransport, AsyncDisposable {
  /** The least important level that is written. */
  readonly level: LogLevel | undefined;
  readonly #path: string;
  readonly #maxSize: number;
  readonly #maxFiles: number;
  readonly #maxBuffered: number;
  readonly #signal: NodeJS.Signals | undefined;
  readonly #lines: LineBuffer = new (loadLines().LineBuffer)();
  // The bytes that are being written, or could not be written.
  #rest: Buffer | undefined;
  #isInThread = false;
  #file: OpenFile | undefined;
  #state: "idle" | "waiting" | "writing" | "closed" = "idle";
  #timer: NodeJS.Timeout | undefined;
  #nextLook = 0;
  #shallRotate = false;
  #lost = 0;
  #hasReported = false;
  #waiting: { readonly resolve: () => void; readonly reject: (error: unknown) => void }[] = [];

  /** @param options The path of the file, or an object with the options. */
  constructor(options: string | FileTransportOptions) {
    const settled = typeof options === "string" ? { path: options } : options;
    checkOptions<FileTransportOptions>(settled, "A file transport", transportKinds, (faults) => {
      if (settled.path === undefined)
        faults.add("path", 'A file transport needs a `path`, such as "app.log".');
    });
    const { path, level, maxSize = 0, maxFiles = 5, signal, maxBuffered = "16mb" } = settled;
    this.#path = path;
    this.level = level;
    this.#maxSize = parseSize(maxSize, "maxSize") || Number.POSITIVE_INFINITY;
    this.#maxFiles = maxFiles;
    this.#maxBuffered = parseSize(maxBuffered, "maxBuffered");
    this.#signal = signal;
    process.on("exit", this.#onExit);
    if (signal !== undefined) process.on(signal, this.#onSignal);
  }

  /** Writes the line of a record. */
  write({ out }: Pick<LogRecord, "out">): void {
    if (this.#state === "closed" || this.#lines.size > this.#maxBuffered) {
      this.#lost++;
      return;
    }
    this.#lines.add(out);
    if (this.#state === "idle") this.#wait(collectFor);
    else if (this.#lines.size > enough && this.#state === "waiting" && !this.#hasReported) this.#start();
  }

  /** Resolves when all lines so far are in the file, and rejects when they cannot be written. */
  flush(): Promise<void> {
    if (this.#lines.size === 0 && this.#rest === undefined && this.#state !== "writing")
      return Promise.resolve();
    const flushed = new Promise<void>((resolve, reject) => this.#waiting.push({ resolve, reject }));
    if (this.#state !== "writing") this.#start();
    return flushed;
  }

  /** Writes the rest, and closes the file. Later lines are lost. */
  async close(): Promise<void> {
    if (this.#state === "closed") return;
    process.off("exit", this.#onExit);
    if (this.#signal !== undefined) process.off(this.#signal, this.#onSignal);
    await this.flush().catch(() => {
      this.#lost += countLines(this.#rest) + countLines(this.#lines.take());
    });
    clearTimeout(this.#timer);
    this.#state = "closed";
    if (this.#file !== undefined) fs.closeSync(this.#file.fd);
    this.#file = undefined;
    this.#reportLost();
  }

  /** The same as `close`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #wait(time: number): void {
    this.#state = "waiting";
    this.#timer = setTimeout(() => this.#start(), time);
    // This timer does not keep the process alive. At the exit, the rest is written.
    this.#timer.unref();
  }

  #start(): void {
    clearTimeout(this.#timer);
    this.#state = "writing";
    this.#writeAll().then(
      () => {
        this.#hasReported = false;
        this.#reportLost();
        this.#settle((one) => one.resolve());
        this.#state = "idle";
        if (this.#lines.size > 0 || this.#shallRotate) this.#wait(collectFor);
      },
      (error: Error) => {
        this.#report(error);
        this.#settle((one) => one.reject(error));
        this.#closeFile();
        this.#wait(retryAfter);
      },
    );
  }

  async #writeAll(): Promise<void> {
    do {
      const file = await this.#open();
      if (this.#rest === undefined) {
        this.#rest = this.#lines.take();
      }
      while (this.#rest.length > 0) {
        this.#isInThread = true;
        const written = await write(file.fd, this.#rest).finally(() => {
          this.#isInThread = false;
        });
        file.size += written;
        this.#rest = this.#rest.subarray(written);
      }
      this.#rest = undefined;
      // A caller of `flush` waits only for the lines before its call.
    } while (this.#lines.size > enough || (this.#waiting.length > 0 && this.#lines.size > 0));
  }

  /** Returns the file to write to. Opens a new file if the current file is full, or was moved, as logrotate does. */
  async #open(): Promise<OpenFile> {
    const now = performance.now();
    const length = this.#rest?.length ?? this.#lines.length;
    const isFull = (file: OpenFile): boolean =>
      file.isRegular && file.size > 0 && file.size + length > this.#maxSize;
    if (this.#file !== undefined && (now >= this.#nextLook || this.#shallRotate || isFull(this.#file))) {
      this.#nextLook = now + lookEvery;
      const found = await stat(this.#path).catch(() => undefined);
      if (found?.ino !== this.#file.inode || found?.dev !== this.#file.device) this.#closeFile();
      else this.#file.size = found.size;
    }
    if (this.#file !== undefined && (this.#shallRotate || isFull(this.#file))) {
      if (this.#file.isRegular && this.#file.size > 0) await this.#rotate();
      this.#closeFile();
    }
    this.#shallRotate = false;
    if (this.#file === undefined) {
      const fd = await open(this.#path);
      const found = fs.fstatSync(fd);
      this.#file = { fd, inode: found.ino, device: found.dev, isRegular: found.isFile(), size: found.size };
    }
    return this.#file;
  }

  async #rotate(): Promise<void> {
    for (let number = this.#maxFiles - 1; number > 0; number--) {
      await rename(`${this.#path}.${number}`, `${this.#path}.${number + 1}`).catch(ignoreMissing);
    }
    if (this.#maxFiles === 0) await remove(this.#path);
    else await rename(this.#path, `${this.#path}.1`);
  }

  #closeFile(): void {
    const file = this.#file;
    this.#file = undefined;
    if (file !== undefined) fs.close(file.fd, () => {});
  }

  readonly #onSignal = (): void => {
    this.#shallRotate = true;
    if (this.#state === "idle") this.#start();
  };

  // At the exit, asynchronous work does not finish any more, except a write that a thread has begun.
  readonly #onExit = (): void => {
    const lines = this.#lines.take();
    const rest = this.#isInThread ? this.#awaitThread(this.#rest) : this.#rest;
    let left = rest === undefined ? lines : Buffer.concat([rest, lines]);
    if (left.length === 0) return;
    try {
      const { O_APPEND, O_CREAT, O_WRONLY, O_NONBLOCK } = fs.constants;
      // A pipe without a reader must not keep the process from exiting.
      const fd = this.#file?.fd ?? fs.openSync(this.#path, O_APPEND | O_CREAT | O_WRONLY | O_NONBLOCK, 0o644);
      left = writePatiently(fd, left);
      this.#lost += countLines(left);
    } catch (error) {
      this.#lost += countLines(left);
      this.#report(error as Error);
    }
    this.#reportLost();
  };

  /**
   * Node waits for its threads at the exit, but the lines must stay in order. Returns the bytes that a thread could not
   * write.
   */
  #awaitThread(rest: Buffer | undefined): Buffer | undefined {
    if (this.#file === undefined || rest === undefined || !this.#file.isRegular) return undefined;
    const { fd, size } = this.#file;
    const end = performance.now() + longestExit;
    const cell = new Int32Array(new SharedArrayBuffer(4));
    let written = 0;
    do {
      written = fs.fstatSync(fd).size - size;
      if (written >= rest.length) return undefined;
      Atomics.wait(cell, 0, 0, 1);
    } while (performance.now() < end);
    return rest.subarray(Math.max(0, written));
  }

  #settle(how: (waiting: { resolve: () => void; reject: (error: unknown) => void }) => void): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const one of waiting) how(one);
  }

  #report(error: Error): void {
    if (this.#hasReported) return;
    this.#hasReported = true;
    writeStandard("stderr", `The log file ${this.#path} cannot be written: ${error.message}\n`);
  }

  #reportLost(): void {
    if (this.#lost === 0) return;
    writeStandard("stderr", `${this.#lost} lines of the log file ${this.#path} are lost.\n`);
    this.#lost = 0;
  }
}

function countLines(text: string | Buffer | undefined): number {
  return text === undefined ? 0 : String(text).split("\n").length - 1;
}

const isMissing = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === "ENOENT";

function ignoreMissing(error: unknown): void {
  if (!isMissing(error)) throw error;
}

function open(path: string): Promise<number> {
  return new Promise((resolve, reject) => {
    fs.open(path, "a", 0o644, (error, fd) => (error === null ? resolve(fd) : reject(error)));
  });
}

function write(fd: number, bytes: Buffer): Promise<number> {
  return new Promise((resolve, reject) => {
    fs.write(fd, bytes, (error, written) => (error === null ? resolve(written) : reject(error)));
  });
}

function stat(path: string): Promise<import("node:fs").Stats> {
  return new Promise((resolve, reject) => {
    fs.stat(path, (error, found) => (error === null ? resolve(found) : reject(error)));
  });
}

function rename(from: string, to: string): Promise<void> {
  return new Promise((resolve, reject) => {
    fs.rename(from, to, (error) => (error === null ? resolve() : reject(error)));
  });
}

function remove(path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    fs.unlink(path, (error) => (error === null ? resolve() : reject(error)));
  });
}
