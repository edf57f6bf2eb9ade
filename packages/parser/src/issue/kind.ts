/** The kind of a value. If JSON has a name for the kind, this is the name. */
export interface Kind {
  /** The number of the kind, beginning with 0. Caches use it as an index. */
  readonly index: number;
  readonly word: string;
  /** The word with its article. */
  readonly phrase: string;
}

const kinds = {
  undefined: { index: 0, word: "undefined", phrase: "undefined" },
  null: { index: 1, word: "null", phrase: "null" },
  string: { index: 2, word: "string", phrase: "a string" },
  number: { index: 3, word: "number", phrase: "a number" },
  boolean: { index: 4, word: "boolean", phrase: "a boolean" },
  object: { index: 5, word: "object", phrase: "an object" },
  array: { index: 6, word: "array", phrase: "an array" },
  function: { index: 7, word: "function", phrase: "a function" },
  bigint: { index: 8, word: "bigint", phrase: "a bigint" },
  symbol: { index: 9, word: "symbol", phrase: "a symbol" },
  NaN: { index: 10, word: "NaN", phrase: "NaN" },
  infinity: { index: 11, word: "Infinity", phrase: "Infinity" },
  negativeInfinity: { index: 12, word: "-Infinity", phrase: "-Infinity" },
} as const;

export function kindOf(value: unknown): Kind {
  switch (typeof value) {
    case "string":
      return kinds.string;
    case "number":
      return Number.isFinite(value) ? kinds.number : kindOfEndless(value);
    case "object":
      return value === null ? kinds.null : Array.isArray(value) ? kinds.array : kinds.object;
    default:
      return kinds[typeof value as Exclude<keyof typeof kinds, "infinity" | "negativeInfinity">];
  }
}

function kindOfEndless(value: number): Kind {
  return Number.isNaN(value) ? kinds.NaN : value > 0 ? kinds.infinity : kinds.negativeInfinity;
}
