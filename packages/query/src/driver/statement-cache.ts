/**
 * A cache of prepared statements by their SQL. If the cache is full, the statement that was unused for the longest time
 * is removed.
 */
export class StatementCache<Statement> {
  readonly #size: number;
  readonly #drop: (statement: Statement) => void;
  readonly #statements: Map<string, Statement> = new Map();
  #latest: string | undefined;

  /** `size` is the maximum number of statements; 0 disables the cache. `drop` is called with each removed statement. */
  constructor(size: number, drop: (statement: Statement) => void = () => {}) {
    this.#size = size;
    this.#drop = drop;
  }

  get(sql: string, prepare: (sql: string) => Statement): Statement {
    const known = this.#statements.get(sql);
    if (known !== undefined) {
      // Moving a statement to the end takes time. So it is moved only if the cache is full and the statement is not
      // already the last one.
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
