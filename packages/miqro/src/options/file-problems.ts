import { messageOf, type Problem } from "../errors.js";
import { loadOnUse } from "../load-on-use.js";

/** Loaded when a constructor first refuses its options. */
const loadFaults = loadOnUse<typeof import("./list-faults.js")>(import.meta.url, "./list-faults.js");

/** Collects the problems of one file. */
export class FileProblems {
  /** The file that the user wrote: its source. */
  readonly file: string;
  readonly #problems: Problem[];

  /** @param problems - the array with the problems of all files */
  constructor(file: string, problems: Problem[]) {
    this.file = file;
    this.#problems = problems;
  }

  /** The number of problems so far, over all files. If a check does not change it, the check found nothing. */
  get count(): number {
    return this.#problems.length;
  }

  /** Adds a problem and its remedy, in full sentences. */
  add(message: string, cause?: unknown): void {
    this.#problems.push({ file: this.file, message, ...(cause === undefined ? {} : { cause }) });
  }

  /**
   * Passes the options to their constructor to check them, so that their rules are written once: in the constructor.
   * Every error becomes a problem.
   * @param construct - has no side effect, and throws for invalid options
   */
  ask<Options>(options: Options, construct: (options: Options) => unknown): void {
    try {
      construct(options);
    } catch {
      for (const { message, cause } of loadFaults().listFaults(options, construct)) this.add(message, cause);
    }
  }

  /** Reads the exports of the file. An export can be any value, even an object that throws when it is read. */
  read<Result>(check: () => Result): Result | undefined {
    try {
      return check();
    } catch (error) {
      const thrown = error instanceof Error ? `${error.name}: ${error.message}` : messageOf(error);
      this.add(`what it exports cannot be read: ${thrown}`, error);
      return undefined;
    }
  }

  /**
   * Runs a function that may reject the content of the file. An exception becomes a problem, and the result is
   * undefined.
   */
  run<Result>(work: () => Result): Result | undefined {
    try {
      return work();
    } catch (error) {
      this.add(messageOf(error), error);
      return undefined;
    }
  }
}
