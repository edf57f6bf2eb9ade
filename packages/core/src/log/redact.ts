/** Replaces a secret. */
const hidden = "[redacted]";
/** A larger object graph is not searched, and so not logged. */
const mostObjects = 10_000;

/** The default names of fields whose values are hidden. */
export const secretNames: readonly string[] = [
  "password",
  "authorization",
  "cookie",
  "proxy-authorization",
  "sec-websocket-protocol",
  "set-cookie",
];

/**
 * Makes a function that hides the values of fields with these names, at any depth of a logged value. A value without
 * such a field is returned unchanged. Case does not matter.
 */
export function createRedact(names: readonly string[]): <T>(value: T) => T {
  const secret = new Set(names.map((name) => name.toLowerCase()));
  const isSecret = (name: unknown): boolean => typeof name === "string" && secret.has(name.toLowerCase());

  /** Whether a value contains something to hide. */
  const search = (value: object, seen: Set<object>): boolean => {
    if (seen.has(value)) return false;
    if (seen.add(value).size > mostObjects) throw new RangeError("too large");
    for (const [name, field] of toEntries(value, isSecret)) {
      if (isSecret(name) && field !== undefined) return true;
      if (typeof field === "object" && field !== null && search(field, seen)) return true;
    }
    return false;
  };

  const copy = (value: object, copies: Map<object, unknown>): unknown => {
    if (copies.has(value)) return copies.get(value);
    const entries = toEntries(value, isSecret);
    const target = createCopy(value);
    copies.set(value, target);
    for (const [name, field] of entries) {
      const shown =
        isSecret(name) && field !== undefined
          ? hidden
          : typeof field === "object" && field !== null
            ? copy(field, copies)
            : field;
      if (target instanceof Map) target.set(name, shown);
      else if (Array.isArray(target)) target.push(shown);
      else
        Object.defineProperty(target, String(name), {
          value: shown,
          enumerable: true,
          configurable: true,
          writable: true,
        });
    }
    return target;
  };

  return <T>(value: T): T => {
    if (typeof value !== "object" || value === null) return value;
    try {
      return search(value, new Set()) ? (copy(value, new Map()) as T) : value;
    } catch {
      // A field cannot be read, or there are too many fields.
      return "(a value that cannot be searched for secrets)" as T;
    }
  };
}

type Entries = Iterable<readonly [name: unknown, field: unknown]>;

/**
 * Returns the fields of a value as they would be printed. An array of alternating names and values, such as raw
 * headers, has names too.
 */
function toEntries(value: object, isSecret: (name: unknown) => boolean): Entries {
  if (Array.isArray(value)) {
    return value.map((field, index) => [
      isSecret(value[index - 1]) && index % 2 === 1 ? value[index - 1] : index,
      field,
    ]);
  }
  if (ArrayBuffer.isView(value)) return [];
  if (value instanceof Map || value instanceof Headers || value instanceof URLSearchParams)
    return value.entries();
  const fields: [unknown, unknown][] = Object.entries(value);
  if (value instanceof Error && value.cause !== undefined) fields.push(["cause", value.cause]);
  if (value instanceof AggregateError) fields.push(["errors", value.errors]);
  return fields;
}

function createCopy(value: object): object {
  if (Array.isArray(value)) return [];
  if (value instanceof Map || value instanceof Headers || value instanceof URLSearchParams) return new Map();
  const target: object = Object.create(Object.getPrototypeOf(value));
  if (value instanceof Error) {
    for (const name of ["stack", "message"] as const) {
      Object.defineProperty(target, String(name), { value: value[name], configurable: true, writable: true });
    }
  }
  return target;
}
