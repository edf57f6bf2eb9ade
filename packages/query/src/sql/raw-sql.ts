import { QueryArgumentError } from "../errors.js";
import { describeValue } from "../values/describe-value.js";
import { toValue, type Value } from "./named-param.js";
import { type ScannedSQL, scanSQL } from "./scan-sql.js";

/** The maximum number of cached SQL texts. A program has few texts, unless it builds them from input. */
const cacheSize = 500;

/** The SQL between the placeholders. Equal SQL has the same object, so that the object can be a key of a Map. */
interface RawTemplate {
  readonly segments: readonly string[];
  readonly arrange: ScannedSQL["arrange"];
}

const templates = new Map<string, RawTemplate>();

/**
 * SQL for use in a statement. `db.raw` makes it. It is a class, so that an object from the JSON of a request never
 * counts as SQL.
 */
export class RawSQL<Result = unknown, Alias extends string = never> {
  /** Exists only in types: the type of the expression's value. */
  declare readonly result: Result;
  readonly #template: RawTemplate;
  readonly #values: readonly Value[];
  readonly #alias: Alias | undefined;

  constructor(template: RawTemplate, values: readonly Value[], alias?: Alias) {
    this.#template = template;
    this.#values = values;
    this.#alias = alias;
  }

  /** Returns the same expression with an alias, for `select`. */
  as<Name extends string>(name: Name): RawSQL<Result, Name> {
    if (typeof name !== "string" || name === "") {
      throw new QueryArgumentError(
        `as() takes a name, a string that is not empty, but ${describeValue(name)} was given.`,
      );
    }
    return new RawSQL<Result, Name>(this.#template, this.#values, name);
  }

  /** The key of this SQL text: an object that is the same for equal texts. */
  get template(): object {
    return this.#template;
  }

  get segments(): readonly string[] {
    return this.#template.segments;
  }

  get values(): readonly Value[] {
    return this.#values;
  }

  get alias(): Alias | undefined {
    return this.#alias;
  }
}

export function createRawSQL<Result>(sql: string, params: readonly unknown[]): RawSQL<Result> {
  const template = templates.get(sql) ?? createTemplate(sql);
  const values = template
    .arrange(params)
    .map((value, index) => toValue(value, `Parameter ${index + 1} of raw()`));
  return new RawSQL<Result>(template, Object.freeze(values));
}

function createTemplate(sql: unknown): RawTemplate {
  if (typeof sql !== "string" || sql.trim() === "") {
    throw new QueryArgumentError("raw() takes SQL text that is not empty; pass values as further arguments.");
  }
  const { segments, statements, arrange } = scanSQL(sql);
  if (statements > 1) throw new QueryArgumentError("raw() takes one expression, but its SQL has a `;`.");
  const template: RawTemplate = { segments: Object.freeze(segments), arrange };
  if (templates.size >= cacheSize) templates.clear();
  templates.set(sql, template);
  return template;
}
