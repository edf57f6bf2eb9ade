import { join } from "node:path";
import type { DBConfig } from "../conventions/db.js";

/** Gives a database another storage than its config contains; undefined keeps the storage. */
export type StorageOf = (config: DBConfig) => string | undefined;

/**
 * Gives each SQLite database a file of the test run, so that a test never changes the files of a developer.
 * `DB_STORAGE` names another file, or `:memory:`.
 * @param folder - the folder of these files
 */
export function createTestStorage(folder: string, given: string | undefined): StorageOf {
  let isTaken = false;
  return ({ dialect, name, storage, connectionString, url }) => {
    if (dialect === "pg" || connectionString !== undefined || url !== undefined) return undefined;
    if (given === ":memory:") return given;
    if (given !== undefined && given !== "") {
      const path = isTaken ? `${given}-${encodeURIComponent(name)}` : given;
      isTaken = true;
      return path;
    }
    return storage === ":memory:" ? undefined : join(folder, `${encodeURIComponent(name)}.sqlite3`);
  };
}
