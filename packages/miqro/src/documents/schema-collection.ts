import {
  type JSONSchema,
  type JSONSchemaDirection,
  type ParserMode,
  type Schema,
  toJSONSchema,
} from "@miqro/parser";

/** The path in a document below which shared schemas are written. */
export const schemasPrefix = "#/components/schemas/";

type Keywords = Readonly<Record<string, unknown>>;

/** How a schema is written. */
interface WriteOptions {
  readonly direction: JSONSchemaDirection;
  readonly mode: ParserMode;
  /** The id of the operation, which distinguishes different schemas with the same name. */
  readonly owner: string;
}

// The values of these keywords are data. A "$ref" in them is an ordinary string.
const dataKeywords = new Set(["const", "default", "enum", "examples", "required"]);
// The values of these keywords are objects of schemas. Their keys are names that a user chose.
const maps = new Set(["properties", "patternProperties", "dependentSchemas"]);

/**
 * Writes schemas as JSON Schema 2020-12. Shared schemas are collected, and get names that are unique in the document.
 */
export class SchemaCollection {
  readonly #schemas = new Map<string, JSONSchema>();
  /** The schemas by name, in their original form: operations share equal recursive schemas. */
  readonly #sources = new Map<string, string>();

  /** All schemas that others refer to, by name. */
  get schemas(): Readonly<Record<string, JSONSchema>> {
    return Object.fromEntries([...this.#schemas].sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  /** Writes a schema, or an array of schemas of which the first match counts. */
  write(part: Schema | readonly Schema[], { owner, ...options }: WriteOptions): JSONSchema {
    const parts = Array.isArray(part) ? (part as readonly Schema[]) : [part as Schema];
    const written = parts.map((schema) => this.#adopt(toJSONSchema(schema, options), owner));
    const [first = {}, ...others] = written;
    return others.length === 0 ? first : { anyOf: written };
  }

  /** Moves the definitions of a schema to the definitions of the document. */
  #adopt({ $defs = {}, ...schema }: JSONSchema, owner: string): JSONSchema {
    const names = new Map(
      Object.keys($defs).map((name) => [name, this.#nameFor(name, sourceOf(name, $defs), owner)] as const),
    );
    for (const [name, one] of Object.entries($defs)) {
      const adopted = names.get(name) ?? name;
      if (!this.#schemas.has(adopted)) this.#schemas.set(adopted, move(one, names) as JSONSchema);
    }
    return move(schema, names) as JSONSchema;
  }

  #nameFor(name: string, source: string, owner: string): string {
    const base = name.replace(/[^A-Za-z0-9_]+/g, "_").replace(/^(?=\d|$)/, "_");
    for (let count = 0; ; count++) {
      const candidate = count === 0 ? base : `${base}_${owner}${count === 1 ? "" : `_${count}`}`;
      const known = this.#sources.get(candidate);
      if (known !== undefined && known !== source) continue;
      this.#sources.set(candidate, source);
      return candidate;
    }
  }
}

/** A definition, with all definitions that it refers to. */
function sourceOf(name: string, $defs: Readonly<Record<string, JSONSchema>>): string {
  const texts = new Map<string, string>();
  const visit = (one: string): void => {
    if (texts.has(one)) return;
    const text = JSON.stringify($defs[one]) ?? "";
    texts.set(one, text);
    for (const [, ref = ""] of text.matchAll(/"\$ref":"([^"]*)"/g)) visit(readName(ref));
  };
  visit(name);
  return JSON.stringify([...texts]);
}

/** A copy whose references use the names of the document. */
function move(value: unknown, names: ReadonlyMap<string, string>): unknown {
  if (Array.isArray(value)) return value.map((one) => move(one, names));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value as Keywords).map(([keyword, one]) => {
      if (keyword === "$ref") return [keyword, schemasPrefix + (names.get(readName(String(one))) ?? "")];
      if (maps.has(keyword)) {
        const moved = Object.entries(Object(one) as Keywords).map(([name, part]) => [
          name,
          move(part, names),
        ]);
        return [keyword, Object.fromEntries(moved)];
      }
      return [keyword, dataKeywords.has(keyword) ? one : move(one, names)];
    }),
  );
}

/** The name of the definition in a reference of the parser. */
function readName(ref: string): string {
  return decodeURIComponent(ref.slice("#/$defs/".length)).replace(/~1/g, "/").replace(/~0/g, "~");
}
