import { ArgumentError, type ArgumentIssue } from "../errors.js";
import type { OptionKind, OptionKinds } from "./kinds.js";

/**
 * Refuses options that nobody reads, and values of the wrong kind. What is undefined counts as left out.
 *
 * @param what Whose options they are, to begin a sentence with: `A router`.
 * @param more Finds what a kind cannot tell of. It runs where the options are an object.
 * @throws {ArgumentError} with all faults: the key, what was expected, and the key that was probably meant.
 */
export function checkOptions<Options>(
  options: unknown,
  what: string,
  known: OptionKinds<Options>,
  more?: (faults: Faults) => void,
): void {
  const faults = new Faults();
  if (faults.check(options, what, known)) more?.(faults);
  faults.throw(what);
}

/** Collects the faults of one call, so that all are told at once. */
export class Faults {
  readonly #issues: ArgumentIssue[] = [];
  #cause: unknown;

  /** Notes a fault of an option. */
  add(path: string, message: string): void {
    this.#issues.push({ path, message });
  }

  /** Whether nothing is wrong so far. */
  get isEmpty(): boolean {
    return this.#issues.length === 0;
  }

  /** Whether something is wrong with an option, or within it. */
  has(path: string): boolean {
    return this.#issues.some((issue) => issue.path === path || issue.path.startsWith(`${path}.`));
  }

  /** Notes what is wrong with options by their kinds. False when they are no object. */
  check<Options>(options: unknown, what: string, known: OptionKinds<Options>): options is Options & object {
    if (typeof options !== "object" || options === null || Array.isArray(options)) {
      this.add("", `${what} takes an object, not ${describe(options)}.`);
      return false;
    }
    const kindOf: Readonly<Record<string, OptionKind>> = known;
    for (const [key, value] of Object.entries(options)) {
      const kind = Object.hasOwn(kindOf, key) ? kindOf[key] : undefined;
      if (kind === undefined) this.add(key, `${what} has no "${key}". ${hint(key, Object.keys(known))}`);
      else if (value !== undefined && !kind.test(value)) {
        this.add(key, `"${key}" of ${lowerArticle(what)} is ${kind.words}, not ${describe(value)}.`);
      }
    }
    return true;
  }

  /**
   * Runs what throws when an option is wrong, and notes that. An option that is known to be wrong already is left alone.
   *
   * @param path Of the option; empty for the argument itself.
   */
  attempt<T>(path: string, run: () => T): T | undefined {
    if (path !== "" && this.has(path)) return undefined;
    try {
      return run();
    } catch (error) {
      this.#cause ??= error;
      const issues =
        error instanceof ArgumentError
          ? error.issues
          : [{ path: "", message: error instanceof Error ? error.message : String(error) }];
      for (const issue of issues) {
        this.add([path, issue.path].filter((part) => part !== "").join("."), issue.message);
      }
      return undefined;
    }
  }

  /**
   * Throws when anything is wrong.
   *
   * @param what What it is wrong with, to begin a sentence with.
   * @param where Stands before the message.
   */
  throw(what: string, where?: string): void {
    const [first, ...others] = this.#issues;
    if (first === undefined) return;
    const prefix = where === undefined ? "" : `${where}: `;
    const lines = this.#issues.map(({ message }) => `\n- ${message}`).join("");
    const message =
      others.length === 0 ? first.message : `${what} has ${this.#issues.length} faults:${lines}`;
    throw new ArgumentError(prefix + message, this.#cause, this.#issues);
  }
}

/** Names a wrong value. */
export function describe(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value);
  if (value === null || typeof value === "number" || typeof value === "boolean") return String(value);
  if (Array.isArray(value)) return "an array";
  return typeof value === "object"
    ? "an object"
    : typeof value === "undefined"
      ? "undefined"
      : `a ${typeof value}`;
}

function lowerArticle(text: string): string {
  return text.replace(/^(?:An?|The) /, (article) => article.toLowerCase());
}

function hint(key: string, known: readonly string[]): string {
  const [nearest] = known
    .map((name) => ({ name, distance: measureDistance(key.toLowerCase(), name.toLowerCase()) }))
    .filter(({ name, distance }) => distance <= Math.min(key.length, name.length) / 3)
    .sort((a, b) => a.distance - b.distance);
  return nearest === undefined ? `It knows ${known.join(", ")}.` : `Perhaps "${nearest.name}" was meant.`;
}

// Insertions, removals and changes; two neighbours that changed places count as one.
function measureDistance(from: string, to: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let i = 1; i <= from.length; i++) {
    const row = [i];
    for (let j = 1; j <= to.length; j++) {
      const change = (last[j - 1] ?? 0) + (from[i - 1] === to[j - 1] ? 0 : 1);
      const swaps = j > 1 && from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1];
      const swap = swaps ? (beforeLast[j - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY;
      row.push(Math.min(change, swap, (last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1));
    }
    beforeLast = last;
    last = row;
  }
  return last[to.length] ?? 0;
}
