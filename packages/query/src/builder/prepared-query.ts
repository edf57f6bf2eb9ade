import type { Query, QueryResult } from "../driver/driver.js";
import { QueryArgumentError } from "../errors.js";
import { NamedParam, type Value } from "../sql/named-param.js";
import { checkParameter, isPlain, type Parameter } from "../values/parameter.js";
import type { Row } from "../values/row.js";
import { checkCount, checkRow } from "./check-arguments.js";

/** The values of a prepared query, by the names of its parameters. */
export type PreparedValues = Readonly<Record<string, Parameter>>;

/** The functions with which a prepared query is sent. */
export interface QuerySender {
  send(query: Query): QueryResult | Promise<QueryResult>;
  iterate(query: Query): AsyncIterableIterator<Row>;
}

/** A named parameter. Each call gives its value. */
interface Place {
  readonly at: number;
  readonly name: string;
  /** Whether every object inherits a property with this name, such as `constructor`. */
  readonly inherited: boolean;
  /** The kind of a parameter that is a LIMIT or an OFFSET; undefined for other parameters. */
  readonly count: "limit" | "offset" | undefined;
}

/**
 * A statement whose SQL is written once and sent many times. `.prepare()` of a builder returns it. Each call passes
 * values for the parameters that `db.param(name)` created.
 */
export class PreparedQuery<Result = Row> {
  readonly #query: Omit<Query, "params">;
  readonly #values: readonly Value[];
  readonly #places: readonly Place[];
  readonly #names: readonly string[];
  readonly #sender: QuerySender;

  /** `counts` contains the parameters that are a LIMIT or an OFFSET. */
  constructor(
    query: Omit<Query, "params">,
    values: readonly Value[],
    counts: ReadonlyMap<number, "limit" | "offset"> | undefined,
    sender: QuerySender,
  ) {
    this.#query = query;
    this.#values = values;
    this.#sender = sender;
    this.#places = [...values.entries()].flatMap(([at, value]) =>
      value instanceof NamedParam
        ? [{ at, name: value.name, inherited: value.name in Object.prototype, count: counts?.get(at) }]
        : [],
    );
    this.#names = [...new Set(this.#places.map(({ name }) => name))];
  }

  /** The SQL text, which is the same on every call. */
  get sql(): string {
    return this.#query.sql;
  }

  /** Sends the statement with these values and resolves to its rows. */
  async yield(values: PreparedValues = {}): Promise<Result[]> {
    const result = this.#sender.send(this.#fill(values));
    return (result instanceof Promise ? await result : result).rows as Result[];
  }

  /** Works like `yield`, but resolves to the first row, or `undefined`. */
  async first(values: PreparedValues = {}): Promise<Result | undefined> {
    return (await this.yield(values))[0];
  }

  /** Works like `yield`, but resolves to the first column of the first row, or `undefined`. */
  // biome-ignore lint/suspicious/noExplicitAny: the type of a single value is only known to the caller
  async value(values: PreparedValues = {}): Promise<any> {
    const row = await this.first(values);
    return row === undefined ? undefined : Object.values(row as object)[0];
  }

  /** Works like `yield`, but resolves to the number of rows that were written. */
  async affected(values: PreparedValues = {}): Promise<number> {
    const result = this.#sender.send(this.#fill(values));
    return (result instanceof Promise ? await result : result).affected;
  }

  /** Works like `yield`, but returns the rows one by one, with limited memory use. */
  iterate(values: PreparedValues = {}): AsyncIterableIterator<Result> {
    return this.#sender.iterate(this.#fill(values)) as AsyncIterableIterator<Result>;
  }

  #fill(given: PreparedValues): Query {
    const values = checkRow(given, "A prepared query");
    if (Object.keys(values).length !== this.#names.length) this.#refuse(values);
    const params = this.#values.slice() as Parameter[];
    for (let index = 0; index < this.#places.length; index++) {
      const { at, name, inherited, count } = this.#places[index] as Place;
      const value = values[name];
      if (value === undefined || (inherited && !Object.hasOwn(values, name))) this.#refuse(values);
      if (count !== undefined) checkCount(value, count);
      params[at] = isPlain(value) ? value : checkParameter(value, `The value of the parameter "${name}"`);
    }
    const { sql, targets, results, access, rows, echoes } = this.#query;
    return { sql, params, targets, results, access, rows, echoes };
  }

  #refuse(values: Record<string, unknown>): never {
    const missing = this.#names.find((name) => !Object.hasOwn(values, name) || values[name] === undefined);
    const further = Object.keys(values).find((name) => !this.#names.includes(name));
    throw new QueryArgumentError(
      missing === undefined
        ? `The prepared query has no parameter "${further}"; it has ${this.#names.join(", ") || "none"}.`
        : `The prepared query needs a value for its parameter "${missing}".`,
    );
  }
}
