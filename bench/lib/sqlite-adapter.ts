import type { DatabaseSync, StatementSync } from "node:sqlite";

/**
 * node:sqlite with the methods of better-sqlite3 that the peers call. Statements are kept by their text where a peer
 * prepares anew each time, as @miqro/query does: the peer is compared, not SQLite's parser.
 */
export class SQLiteAdapter {
  readonly #database: DatabaseSync;
  readonly #prepared: Map<string, object> = new Map();

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  prepare(sql: string): object {
    const known = this.#prepared.get(sql);
    if (known !== undefined) return known;
    const statement: StatementSync = this.#database.prepare(sql);
    const arrays = this.#database.prepare(sql);
    const reader = statement.columns().length > 0;
    if (reader) arrays.setReturnArrays(true);
    const flat = (params: unknown[]): never[] => params.flat() as never[];
    const made = {
      reader,
      all: (...params: unknown[]) => statement.all(...flat(params)),
      get: (...params: unknown[]) => statement.get(...flat(params)),
      run: (...params: unknown[]) => statement.run(...flat(params)),
      iterate: (...params: unknown[]) => statement.iterate(...flat(params)),
      raw: () => ({
        all: (...params: unknown[]) => arrays.all(...flat(params)),
        get: (...params: unknown[]) => arrays.get(...flat(params)),
      }),
    };
    this.#prepared.set(sql, made);
    return made;
  }

  close(): void {
    this.#database.close();
  }
}
