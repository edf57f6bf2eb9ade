import type { JSONSchema } from "./json-schema.js";

type Keywords = Readonly<Record<string, unknown>>;

/** A definition in `$defs` of the outer schema. */
export interface Definition {
  /** The `$ref` that leads to it. */
  readonly ref: string;
  set(schema: JSONSchema): void;
}

// The values of the first keywords are data. The values of the other keywords are objects that map names of the user to
// schemas.
const dataKeywords: ReadonlySet<string> = new Set(["const", "default", "enum", "examples", "required"]);
const maps: ReadonlySet<string> = new Set(["properties", "patternProperties", "dependentSchemas"]);

/**
 * Puts a schema of another library into a larger schema. If the schema refers to one of its definitions or to itself,
 * the target becomes a definition of the larger schema. Any other reference is left out.
 * @param define reserves a definition with this name or a similar name
 */
export function embedSchema(schema: JSONSchema, define: (name: string) => Definition): JSONSchema {
  const { $defs = {}, ...root } = schema;
  const places = new Map<string, Definition>();
  const move = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(move);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(
      Object.entries(value as Keywords).flatMap(([keyword, one]) => {
        if (keyword === "$ref") {
          const place = typeof one === "string" ? placeOf(one) : undefined;
          return place === undefined ? [] : [[keyword, place.ref]];
        }
        if (maps.has(keyword) && typeof one === "object" && one !== null) {
          const moved = Object.entries(one as Keywords).map(([name, part]) => [name, move(part)]);
          return [[keyword, Object.fromEntries(moved)]];
        }
        return [[keyword, dataKeywords.has(keyword) ? one : move(one)]];
      }),
    );
  };
  /** A definition is made when a reference to it is found. */
  const placeOf = (ref: string): Definition | undefined => {
    const known = places.get(ref);
    if (known !== undefined) return known;
    const name = ref === "#" ? "schema" : readName(ref);
    const target = ref === "#" ? root : name === undefined ? undefined : $defs[name];
    if (name === undefined || target === undefined) return undefined;
    const place = define(name);
    places.set(ref, place);
    place.set(move(target) as JSONSchema);
    return place;
  };
  const moved = move(root) as JSONSchema;
  const whole = places.get("#");
  return whole === undefined ? moved : { $ref: whole.ref };
}

/** The name of the definition that a reference leads to. */
function readName(ref: string): string | undefined {
  const [, pointer] = /^#\/\$defs\/([^/]+)$/.exec(ref) ?? [];
  return pointer === undefined
    ? undefined
    : decodeURIComponent(pointer).replace(/~1/g, "/").replace(/~0/g, "~");
}
