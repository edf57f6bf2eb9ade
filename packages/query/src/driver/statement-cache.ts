/** Prepared statements by their text; the one that was not used for the longest time goes first. */
export class StatementCache<Statement> {
  readonly #size: number;
  readonly #drop: (statement: Statement) => void;
  readonly #statements: Map<string, Statement> = new Map();
  #latest: string | undefined;

  /** `size` is how many statements are kept, 0 for none; `drop` hears of each that is no longer kept. */
  constructor(size: number, drop: (statement: Statement) => void = () => {}) {
    this.#size = size;
    this.#drop = drop;
  }

  get(sql: string, prepare: (sql: string) => Statement): Statement {
    const known = this.#statements.get(sql);
    if (known !== undefined) {
      // Moving to the end is the costly part: it waits until there is one to drop, and often it is there already.
      if (this.#statements.size >= this.#size && this.#latest !== sql) {
        this.#statements.delete(sql);
        this.#statements.set(sql, known);
        this.#latest = sql;
      }
      return known;
    }
    const statement = prepare(sql);
    this.#statements.set(sql, statement);
    this.#latest = sql;
    if (this.#statements.size > this.#size) this.delete(this.#statements.keys().next().value as string);
    return statement;
  }

  delete(sql: string): void {
    const statement = this.#statements.get(sql);
    if (statement === undefined) return;
    this.#statements.delete(sql);
    if (this.#latest === sql) this.#latest = undefined;
    this.#drop(statement);
  }

  clear(): void {
    for (const sql of [...this.#statements.keys()]) this.delete(sql);
  }
}
