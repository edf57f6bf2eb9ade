import { ArgumentError, type ArgumentIssue, toMessage } from "../errors.js";
import { loadOnUse } from "../platform/builtins.js";
import type { OptionKind, OptionKinds } from "./kinds.js";

const loadClosestName = loadOnUse<typeof import("@miqro/parser/closest-name")>(
  import.meta.url,
  "@miqro/parser/closest-name",
);

/**
 * Refuses unknown options, and values of the wrong kind. An option that is undefined counts as left out.
 *
 * @param what The owner of the options, as the beginning of a sentence: `A router`.
 * @param more Finds mistakes that a kind cannot find. It runs only if the options are an object.
 * @throws {ArgumentError} with all faults: the key, the expected value, and the key that was probably meant.
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

/** Collects the faults of one call, so that one error reports them all. */
export class Faults {
  readonly #issues: ArgumentIssue[] = [];
  #cause: unknown;

  /** Notes a fault of an option. */
  add(path: string, message: string): void {
    this.#issues.push({ path, message });
  }

  /** Whether no fault was found so far. */
  get isEmpty(): boolean {
    return this.#issues.length === 0;
  }

  /** Whether an option, or a value inside it, has a fault. */
  has(path: string): boolean {
    return this.#issues.some((issue) => issue.path === path || issue.path.startsWith(`${path}.`));
  }

  /** Records options that do not fit their kinds. Returns false if the options are not an object. */
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
        // "must be an array of strings, not an array" would contradict itself.
        const isOtherArray = Array.isArray(value) && kind.words.includes("an array");
        const found = isOtherArray ? "an array with other content" : describe(value);
        this.add(key, `"${key}" of ${lowerArticle(what)} must be ${kind.words}, not ${found}.`);
      }
    }
    return true;
  }

  /**
   * Runs a function that throws when an option is wrong, and notes the error. An option that is already known to be
   * wrong is skipped.
   *
   * @param path The path of the option; empty for the argument itself.
   */
  attempt<T>(path: string, run: () => T): T | undefined {
    if (path !== "" && this.has(path)) return undefined;
    try {
      return run();
    } catch (error) {
      this.#cause ??= error;
      const issues =
        error instanceof ArgumentError ? error.issues : [{ path: "", message: toMessage(error) }];
      for (const issue of issues) {
        this.add([path, issue.path].filter((part) => part !== "").join("."), issue.message);
      }
      return undefined;
    }
  }

  /**
   * Throws if a fault was noted.
   *
   * @param what The owner of the faults, as the beginning of a sentence.
   * @param where The text before the message.
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

/** Describes a wrong value for a message. */
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
  const nearest = loadClosestName().closestName(key, known);
  return nearest === undefined ? `It knows ${known.join(", ")}.` : `Perhaps "${nearest}" was meant.`;
}
