import {
  type JSONSchema,
  type JSONSchemaDirection,
  type ParserMode,
  type Schema,
  toJSONSchema,
} from "@miqro/parser";

/** Where documents keep schemas that others refer to. */
export const schemasPrefix = "#/components/schemas/";

type Keywords = Record<string, unknown>;

// Their values are data, in which a "$ref" is a text like any other.
const dataKeywords = new Set(["const", "default", "enum", "examples", "required"]);
// Their values are schemas by names that a user chose.
const maps = new Set(["properties", "patternProperties", "dependentSchemas"]);

/** Writes schemas as JSON Schema 2020-12, and collects those that are referred to under names of the whole document. */
export class SchemaCollection {
  readonly #schemas = new Map<string, JSONSchema>();

  /** All that were referred to, by name. */
  get schemas(): Readonly<Record<string, JSONSchema>> {
    return Object.fromEntries([...this.#schemas].sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  /**
   * Writes a schema, or several of which the first that fits counts.
   * @param owner - the id of the operation: it tells schemas of one name apart that differ
   */
  write(
    part: Schema | readonly Schema[],
    options: { readonly direction: JSONSchemaDirection; readonly mode: ParserMode; readonly owner: string },
  ): JSONSchema {
    const { owner, ...rest } = options;
    const written = (Array.isArray(part) ? (part as readonly Schema[]) : [part as Schema]).map((schema) =>
      this.#adopt(toJSONSchema(schema, rest), owner),
    );
    const [first = {}, ...others] = written;
    return others.length === 0 ? first : { anyOf: written };
  }

  /** Moves the definitions of a schema to those of the document. */
  #adopt(schema: JSONSchema, owner: string): JSONSchema {
    return this.#move(schema, { names: new Map(), root: schema, owner }) as JSONSchema;
  }

  #move(value: unknown, scope: Scope): unknown {
    if (Array.isArray(value)) return value.map((one) => this.#move(one, scope));
    if (typeof value !== "object" || value === null) return value;
    const { $defs, ...keywords } = value as Keywords & {
      readonly $defs?: Readonly<Record<string, JSONSchema>>;
    };
    const inner = $defs === undefined ? scope : this.#define($defs, scope);
    const moved: Keywords = {};
    for (const [keyword, one] of Object.entries(keywords)) {
      if (keyword === "$ref") Object.assign(moved, this.#refer(String(one), inner));
      else if (keyword === "$schema" || keyword === "$id") continue;
      else if (dataKeywords.has(keyword)) moved[keyword] = one;
      else if (maps.has(keyword) && typeof one === "object" && one !== null) {
        moved[keyword] = Object.fromEntries(
          Object.entries(one).map(([name, schema]) => [name, this.#move(schema, inner)]),
        );
      } else moved[keyword] = this.#move(one, inner);
    }
    return moved;
  }

  #define($defs: Readonly<Record<string, JSONSchema>>, scope: Scope): Scope {
    const names = new Map<string, string>();
    for (const [name, schema] of Object.entries($defs))
      names.set(name, this.#nameFor(name, schema, scope.owner));
    const inner = { ...scope, names };
    for (const [name, schema] of Object.entries($defs)) this.#add(names.get(name) ?? name, schema, inner);
    return inner;
  }

  // By what was written before it was moved: two operations that use one recursive schema share it.
  readonly #written = new Map<string, string>();

  #nameFor(name: string, schema: JSONSchema, owner: string): string {
    const base = name.replace(/[^A-Za-z0-9_]+/g, "_").replace(/^(?=\d|$)/, "_");
    const text = JSON.stringify(schema);
    for (const candidate of [base, `${base}_${owner}`]) {
      const known = this.#written.get(candidate);
      if (known !== undefined && known !== text) continue;
      this.#written.set(candidate, text);
      return candidate;
    }
    for (let count = 2; ; count++) {
      const candidate = `${base}_${owner}_${count}`;
      const known = this.#written.get(candidate);
      if (known !== undefined && known !== text) continue;
      this.#written.set(candidate, text);
      return candidate;
    }
  }

  #add(name: string, schema: JSONSchema, scope: Scope): void {
    if (this.#schemas.has(name)) return;
    this.#schemas.set(name, {});
    this.#schemas.set(name, this.#move(schema, scope) as JSONSchema);
  }

  #refer(ref: string, scope: Scope): Keywords {
    if (ref === "#") {
      // Another library says so of its own schema, which has no name.
      const name = this.#nameFor(`${scope.owner}_schema`, scope.root, scope.owner);
      this.#add(name, scope.root, scope);
      return { $ref: schemasPrefix + name };
    }
    const pointer = /^#\/\$defs\/(.+)$/.exec(ref)?.[1];
    if (pointer === undefined) return {};
    const name = scope.names.get(decodeURIComponent(pointer).replace(/~1/g, "/").replace(/~0/g, "~"));
    return name === undefined ? {} : { $ref: schemasPrefix + name };
  }
}

interface Scope {
  /** The names in the document of definitions by their own. */
  readonly names: ReadonlyMap<string, string>;
  readonly root: JSONSchema;
  readonly owner: string;
}
