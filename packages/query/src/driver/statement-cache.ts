/** Prepared statements by their text; the one that was not used for the longest time goes first. */
export class StatementCache<Statement> {
  readonly #size: number;
  readonly #statements: Map<string, Statement> = new Map();

  /** `size` is how many statements are kept; 0 keeps none. */
  constructor(size: number) {
    this.#size = size;
  }

  get(sql: string, prepare: (sql: string) => Statement): Statement {
    const known = this.#statements.get(sql);
    if (known !== undefined) {
      this.#statements.delete(sql);
      this.#statements.set(sql, known);
      return known;
    }
    const statement = prepare(sql);
    this.#statements.set(sql, statement);
    if (this.#statements.size > this.#size) {
      this.#statements.delete(this.#statements.keys().next().value as string);
    }
    return statement;
  }

  clear(): void {
    this.#statements.clear();
  }
}
