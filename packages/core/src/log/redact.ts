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

/** Nothing deeper is printed by `util.inspect`, which also prints symbols and hidden fields. JSON has neither. */
const deepestInspected = 5;

type Field = readonly [name: unknown, field: unknown];

/**
 * Makes a function that hides the values of fields with these names, at any depth of a logged value. A value without
 * such a field is returned unchanged, and so is each part of a value that contains none. Case does not matter.
 */
export function createRedact(names: readonly string[]): <T>(value: T) => T {
  const secret = new Set(names.map((name) => name.toLowerCase()));
  const isSecret = (name: unknown): boolean => typeof name === "string" && secret.has(name.toLowerCase());

  /** Returns all objects in a value that contain something to hide, at any depth. */
  const findHolders = (root: object): ReadonlySet<object> => {
    const parents = new Map<object, object[]>([[root, []]]);
    const holders = new Set<object>();
    let level: object[] = [root];
    for (let depth = 0; level.length > 0; depth++) {
      const next: object[] = [];
      for (const value of level) {
        for (const [name, field] of toFields(value, isSecret, depth < deepestInspected)) {
          if (isSecret(name) && field !== undefined) holders.add(value);
          for (const one of [name, field]) {
            if (!hasFields(one)) continue;
            const known = parents.get(one);
            if (known !== undefined) {
              known.push(value);
              continue;
            }
            parents.set(one, [value]);
            next.push(one);
          }
        }
      }
      if (parents.size > mostObjects) throw new RangeError("too large");
      level = next;
    }
    // The loop also sees the values that it adds.
    for (const value of holders) for (const parent of parents.get(value) ?? []) holders.add(parent);
    return holders;
  };

  const copy = (value: object, holders: ReadonlySet<object>, copies: Map<object, unknown>): unknown => {
    if (!holders.has(value)) return value;
    if (copies.has(value)) return copies.get(value);
    const target = createCopy(value, isSecret);
    copies.set(value, target);
    if (target instanceof URL) return target;
    const show = (one: unknown): unknown => (hasFields(one) ? copy(one, holders, copies) : one);
    for (const [name, field] of toFields(value, isSecret, true)) {
      const shown = isSecret(name) && field !== undefined ? hidden : show(field);
      if (target instanceof Map) target.set(show(name), shown);
      else if (target instanceof Set) target.add(shown);
      else if (Array.isArray(target)) target.push(shown);
      else
        Object.defineProperty(target, name as string | symbol, {
          value: shown,
          enumerable: !isHidden(value, name as string | symbol),
          configurable: true,
          writable: true,
        });
    }
    return target;
  };

  return <T>(value: T): T => {
    if (!hasFields(value)) return value;
    try {
      const holders = findHolders(value);
      return holders.size === 0 ? value : (copy(value, holders, new Map()) as T);
    } catch {
      // A field cannot be read, or there are too many fields.
      return "(a value that cannot be searched for secrets)" as T;
    }
  };
}

function hasFields(value: unknown): value is object {
  if (typeof value === "function") return Object.keys(value).length > 0;
  return typeof value === "object" && value !== null;
}

/**
 * Returns the fields of a value as they would be printed. An array of alternating names and values, such as raw
 * headers, has names too.
 *
 * @param isInspected Whether `util.inspect` may print the value.
 */
function toFields(
  value: object,
  isSecret: (name: unknown) => boolean,
  isInspected: boolean,
): Iterable<Field> {
  if (Array.isArray(value)) {
    return value.map((field, index) => [
      isSecret(value[index - 1]) && index % 2 === 1 ? value[index - 1] : index,
      field,
    ]);
  }
  if (ArrayBuffer.isView(value)) return [];
  if (value instanceof Map) return value;
  if (value instanceof Set) return Array.from(value, (field) => [undefined, field]);
  if (isWebList(value)) return value;
  if (isWebMessage(value)) return describeMessage(value);
  if (isURL(value))
    return [
      ["password", value.password || undefined],
      ["", value.searchParams],
    ];
  const fields: Field[] = Object.entries(value);
  if (isInspected) addInspected(value, fields);
  return fields;
}

// Only data is read: a hidden getter is not called, and would not be printed.
function addInspected(value: object, fields: Field[]): void {
  if (typeof value === "function") return;
  for (const symbol of Object.getOwnPropertySymbols(value)) {
    const { value: field, enumerable } = Object.getOwnPropertyDescriptor(value, symbol) ?? {};
    if (enumerable === true && field !== undefined) fields.push([symbol, field]);
  }
  const names = Object.getOwnPropertyNames(value);
  if (names.length === fields.length) return;
  for (const name of names) {
    if (isHidden(value, name)) fields.push([name, Object.getOwnPropertyDescriptor(value, name)?.value]);
  }
}

function isHidden(value: object, name: string | symbol): boolean {
  return Object.getOwnPropertyDescriptor(value, name)?.enumerable === false;
}

function createCopy(value: object, isSecret: (name: unknown) => boolean): object {
  if (Array.isArray(value)) return [];
  if (value instanceof Map || isWebList(value)) return new Map();
  if (value instanceof Set) return new Set();
  if (isURL(value)) return copyURL(value, isSecret);
  // The getters of these classes, and a call, work only on the original.
  if (isWebMessage(value) || typeof value === "function") return {};
  return Object.create(Object.getPrototypeOf(value)) as object;
}

// Naming a web class would load its whole implementation, so the tag is checked first.
function hasTag(value: object, ...tags: readonly string[]): boolean {
  return tags.includes((value as { readonly [Symbol.toStringTag]?: string })[Symbol.toStringTag] ?? "");
}

function isWebList(value: object): value is Headers | URLSearchParams | FormData {
  return (
    hasTag(value, "Headers", "URLSearchParams", "FormData") &&
    (value instanceof Headers || value instanceof URLSearchParams || value instanceof FormData)
  );
}

type WebMessage = globalThis.Request | globalThis.Response;

function isWebMessage(value: object): value is WebMessage {
  return (
    hasTag(value, "Request", "Response") &&
    (value instanceof globalThis.Request || value instanceof globalThis.Response)
  );
}

function isURL(value: object): value is URL {
  return hasTag(value, "URL") && value instanceof URL;
}

function describeMessage(message: WebMessage): Field[] {
  const { url, headers } = message;
  return "status" in message
    ? [
        ["status", message.status],
        ["url", url],
        ["headers", headers],
      ]
    : [
        ["method", message.method],
        ["url", url],
        ["headers", headers],
      ];
}

function copyURL(value: URL, isSecret: (name: unknown) => boolean): URL {
  const copy = new URL(value);
  if (copy.password !== "" && isSecret("password")) copy.password = hidden;
  for (const name of new Set(copy.searchParams.keys())) {
    if (isSecret(name)) copy.searchParams.set(name, hidden);
  }
  return copy;
}
