import type { Query } from "./types.js";

function Bare(): void {}
Bare.prototype = Object.create(null);

/** Makes objects without inherited names. They stay fast, unlike objects of `Object.create(null)`. */
export const BareObject: new () => Record<string, never> = Bare as unknown as new () => Record<string, never>;

/** Collects the pairs of a query or a form. A repeated key becomes an array, and `__proto__` is dropped. */
export function toQuery(pairs: URLSearchParams): Query {
  const query = new BareObject() as Query;
  for (const [key, value] of pairs) {
    if (key === "__proto__") continue;
    const present = query[key];
    if (present === undefined) query[key] = value;
    else if (typeof present === "string") query[key] = [present, value];
    else present.push(value);
  }
  return query;
}
