import { scanSQL } from "../../../sql/scan-sql.js";
import type { ResultColumn } from "../../../values/row-mapper.js";
import { toColumnType } from "../values/sqlite-conversions.js";

/** A row of PRAGMA table_xinfo. */
export interface DescribedColumn {
  readonly name: string;
  readonly type: string;
}

/** Makes the name of each view unique, because a connection may describe several statements at the same time. */
let views = 0;

/**
 * Finds the declared types of the columns of a statement if the driver does not return them. It creates a temporary
 * view of the same SELECT, reads the columns of the view, and drops the view. The statement itself does not run.
 */
export interface Description {
  readonly begin: string;
  readonly read: string;
  readonly end: string;
}

/**
 * Returns the SQL that describes a statement. Returns undefined if the statement is not a SELECT and has no RETURNING.
 */
export function describeStatement(sql: string): Description | undefined {
  const select = toSelect(sql);
  if (select === undefined) return undefined;
  const view = `miqro_columns_${++views}`;
  return {
    begin: `CREATE TEMP VIEW ${view} AS ${select}`,
    read: `PRAGMA temp.table_xinfo(${view})`,
    end: `DROP VIEW temp.${view}`,
  };
}

/**
 * The columns of a result. If two columns have the same name, SQLite adds a number in a view (`id:1`), but not in a
 * result.
 */
export function toResultColumns(described: readonly DescribedColumn[]): ResultColumn[] {
  const names = new Set<string>();
  return described.map(({ name, type }) => {
    const base = /^(.*):\d+$/s.exec(name)?.[1];
    const plain = base !== undefined && names.has(base) ? base : name;
    names.add(plain);
    return { name: plain, type: toColumnType(type) };
  });
}

function toSelect(sql: string): string | undefined {
  const { segments, words } = scanSQL(sql);
  // A view cannot have parameters. NULL in their place does not change the types of the columns.
  const text = segments.join("NULL").replace(/;\s*$/, "");
  if (words[0] === "SELECT" || words[0] === "VALUES") return text;
  // A WITH followed by INSERT, UPDATE or DELETE cannot be a view. The values of its RETURNING are not converted.
  if (words[0] === "WITH") return /\b(?:INSERT|UPDATE|DELETE|REPLACE)\b/i.test(text) ? undefined : text;
  const table =
    /^\s*(?:INSERT(?:\s+OR\s+\w+)?\s+INTO|REPLACE\s+INTO|UPDATE(?:\s+OR\s+\w+)?|DELETE\s+FROM)\s+((?:[\w.]+|`(?:[^`]|``)+`|"(?:[^"]|"")+"|\[[^\]]+\]|\.)+)/i.exec(
      text,
    );
  const returning = findReturning(text);
  return table === null || returning === undefined ? undefined : `SELECT ${returning} FROM ${table[1]}`;
}

/** Returns the text after RETURNING, which is the last clause of a statement. */
export function findReturning(sql: string): string | undefined {
  let found: string | undefined;
  // Skips literals and quoted names, which may contain the word RETURNING.
  for (const match of sql.matchAll(
    /'(?:[^']|'')*'|"(?:[^"]|"")*"|`(?:[^`]|``)*`|\[[^\]]*\]|\bRETURNING\b/gi,
  )) {
    if (match[0].length === 9 && match[0].toUpperCase() === "RETURNING") found = sql.slice(match.index + 9);
  }
  return found;
}
