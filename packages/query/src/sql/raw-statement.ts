import type { Dialect } from "../dialects/dialect.js";
import type { Access, Query } from "../driver/driver.js";
import { QueryArgumentError } from "../errors.js";
import { describeValue } from "../values/describe-value.js";
import { checkParameter } from "../values/parameter.js";
import { checkWidth } from "./check-width.js";
import { checkByHand, givesRows, toRawAccess } from "./raw-access.js";
import { type ScannedSQL, scanSQL } from "./scan-sql.js";

interface RawStatement {
  readonly sql: string;
  readonly access: Access;
  readonly rows: boolean;
  readonly arrange: ScannedSQL["arrange"];
}

/** The maximum number of cached SQL texts. A program has few texts, unless it builds them from input. */
const cacheSize = 200;

/** Makes queries of SQL that the user wrote, and caches the parsed form of each text. */
export class RawStatements {
  readonly #dialect: Dialect;
  readonly #known: Map<string, RawStatement> = new Map();

  constructor(dialect: Dialect) {
    this.#dialect = dialect;
  }

  /** Throws for more than one statement, statements of transactions, and parameters that do not match the text. */
  toQuery(sql: string, params: readonly unknown[]): Query {
    if (typeof sql !== "string") {
      throw new QueryArgumentError(`query() takes SQL text, but ${describeValue(sql)} was given.`);
    }
    if (!Array.isArray(params)) {
      throw new QueryArgumentError(`query() takes its parameters as an array, not ${describeValue(params)}.`);
    }
    let statement = this.#known.get(sql);
    if (statement === undefined) {
      statement = this.#scan(sql);
      if (this.#known.size >= cacheSize) this.#known.clear();
      this.#known.set(sql, statement);
    }
    if (params.length > this.#dialect.mostParameters) checkWidth(params.length, this.#dialect);
    const arranged = Array.from(statement.arrange(params), (value, index) =>
      checkParameter(value, `Parameter ${index + 1} of query()`),
    );
    return { sql: statement.sql, params: arranged, access: statement.access, rows: statement.rows };
  }

  #scan(sql: string): RawStatement {
    const { segments, words, statements, returning, arrange } = scanSQL(sql);
    if (statements !== 1) {
      throw new QueryArgumentError(
        `query() takes one statement, but its SQL has ${statements}; send each statement with a separate call.`,
      );
    }
    checkByHand(words[0], sql);
    return {
      sql: this.#dialect.joinPlaceholders(segments),
      access: toRawAccess(words[0]),
      rows: returning || givesRows(words[0]),
      arrange,
    };
  }
}
