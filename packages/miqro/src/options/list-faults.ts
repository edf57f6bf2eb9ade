import { messageOf } from "../errors.js";

/** A reason why options were refused, as a sentence. */
export interface Fault {
  readonly message: string;
  readonly cause: unknown;
}

/** One of the errors in an exception. */
interface Issue {
  readonly path: string;
  readonly message: string;
}

/**
 * Lists every error that a constructor finds in options. An exception with `issues` contains all errors. Any other
 * exception contains the first error only, so the constructor is called again without the key in the message.
 */
export function listFaults<Options>(options: Options, construct: (options: Options) => unknown): Fault[] {
  const faults: Fault[] = [];
  const removed = new Set<string>();
  for (let rest = options; ; ) {
    const error = thrownBy(() => construct(rest));
    if (error === undefined) return faults;
    const message = messageOf(error.thrown);
    // Without a required key, the constructor would report the change that this function made.
    const [first] = keysNamedIn(message, options);
    if (first !== undefined && removed.has(first)) return faults;
    const issues = issuesOf(error.thrown);
    if (issues.length > 0) {
      return [...faults, ...issues.map((issue) => ({ message: toSentence(issue), cause: error.thrown }))];
    }
    faults.push({ message, cause: error.thrown });
    const key = keysNamedIn(message, rest).find((candidate) => {
      const again = thrownBy(() => construct(without(rest, candidate)));
      return again === undefined || messageOf(again.thrown) !== message;
    });
    if (key === undefined) return faults;
    removed.add(key);
    rest = without(rest, key);
  }
}

function thrownBy(work: () => unknown): { readonly thrown: unknown } | undefined {
  try {
    work();
    return undefined;
  } catch (thrown) {
    return { thrown };
  }
}

/** The issues of an exception, or of its cause if the exception only adds the place. */
function issuesOf(thrown: unknown): readonly Issue[] {
  if (!(thrown instanceof Error)) return [];
  const { issues = (thrown.cause as { readonly issues?: unknown } | undefined)?.issues } = thrown as Error & {
    readonly issues?: unknown;
  };
  return Array.isArray(issues) ? issues.filter((issue) => typeof issue?.message === "string") : [];
}

/** The message of an issue contains its key. If it does not, the key is put in front of it. */
function toSentence({ path, message }: Issue): string {
  const key =
    String(path ?? "")
      .split(".")
      .at(-1) ?? "";
  return message.includes(key) ? message : `"${path}": ${message}`;
}

/** The keys of an object that occur in a message as whole words, in the order of the message. */
function keysNamedIn(message: string, options: unknown): string[] {
  if (typeof options !== "object" || options === null) return [];
  const found = Object.keys(options).map((key) => ({ key, at: indexOfWord(message, key) }));
  return found
    .filter(({ at }) => at >= 0)
    .sort((a, b) => a.at - b.at)
    .map(({ key }) => key);
}

function indexOfWord(text: string, word: string): number {
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
    const around = `${text[at - 1] ?? " "}${text[at + word.length] ?? " "}`;
    if (word !== "" && !/\w/.test(around)) return at;
  }
  return -1;
}

function without<Options>(options: Options, key: string): Options {
  return Object.fromEntries(Object.entries(options as object).filter(([name]) => name !== key)) as Options;
}
