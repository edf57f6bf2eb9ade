import type { Output } from "../editor/host.js";
import { type LogEntry, readEntry } from "./read-entry.js";

/** A log entry with its number. Each entry has the next number. */
export interface LogLine extends LogEntry {
  readonly id: number;
}

const most = 5000;
// The pause between two batches, in milliseconds. A message for each line would be too much for a page.
const pause = 50;
const mostAtOnce = 1000;

/** The last lines of the log of the app. New lines are sent in batches. */
export class LogStore {
  readonly #tell: (lines: readonly LogLine[]) => void;
  #lines: LogLine[] = [];
  #news: LogLine[] = [];
  #timer: NodeJS.Timeout | undefined;
  #next = 1;

  /** @param tell - called with new lines, at most every 50 ms and with at most 1,000 lines */
  constructor(tell: (lines: readonly LogLine[]) => void) {
    this.#tell = tell;
  }

  /** The last lines, the newest at the end. */
  get lines(): readonly LogLine[] {
    return this.#lines;
  }

  add(output: readonly Output[]): void {
    for (const { stream, text } of output) {
      for (const line of text.split(/\r?\n/)) {
        if (line === "") continue;
        const last = this.#news.at(-1);
        // The following lines of a stack or of an inspected object belong to the entry before.
        if (/^[ \t}\]]/.test(line) && last !== undefined && last.stream === stream) {
          this.#news[this.#news.length - 1] = { ...last, text: `${last.text}\n${line}` };
        } else this.#news.push({ ...readEntry(line, stream), id: this.#next++ });
      }
    }
    // Keeps only the newest lines of a batch.
    if (this.#news.length > most) this.#news = this.#news.slice(-most);
    this.#timer ??= setTimeout(() => this.#flush(), pause).unref();
  }

  #flush(): void {
    this.#timer = undefined;
    const news = this.#news;
    this.#news = [];
    this.#lines = [...this.#lines, ...news].slice(-most);
    for (let at = 0; at < news.length; at += mostAtOnce) this.#tell(news.slice(at, at + mostAtOnce));
  }
}
