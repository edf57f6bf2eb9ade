import { scanSql } from "../../../sql/scan-sql.js";
import type { ResultColumn } from "../../../values/row-mapper.js";
import { toColumnType } from "../values/sqlite-conversions.js";

/** A row of PRAGMA table_xinfo. */
export interface DescribedColumn {
  readonly name: string;
  readonly type: string;
}

/** Makes the name of each view unique: statements of one connection may be described at the same time. */
let views = 0;

/**
 * Finds the columns of a statement where the driver cannot tell them: a view of the same SELECT is made for a moment,
 * and SQLite gives the declared types of its columns. The statement itself never runs.
 */
export interface Description {
  readonly begin: string;
  readonly read: string;
  readonly end: string;
}

/** The SQL that describes a statement; undefined for a statement that is neither a SELECT nor has a RETURNING. */
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

/** The columns of a result. A view gives equal names a number (`id:1`), a result does not. */
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
  const { segments, words } = scanSql(sql);
  // A view takes no parameters. The text in their place does not change the types of columns.
  const text = segments.join("NULL").replace(/;\s*$/, "");
  if (words[0] === "SELECT" || words[0] === "VALUES") return text;
  // A statement that writes after its WITH cannot be a view. The rows of its RETURNING then come as the driver gives
  // them.
  if (words[0] === "WITH") return /\b(?:INSERT|UPDATE|DELETE|REPLACE)\b/i.test(text) ? undefined : text;
  const table =
    /^\s*(?:INSERT(?:\s+OR\s+\w+)?\s+INTO|REPLACE\s+INTO|UPDATE(?:\s+OR\s+\w+)?|DELETE\s+FROM)\s+((?:[\w.]+|`(?:[^`]|``)+`|"(?:[^"]|"")+"|\[[^\]]+\]|\.)+)/i.exec(
      text,
    );
  const returning = findReturning(text);
  return table === null || returning === undefined ? undefined : `SELECT ${returning} FROM ${table[1]}`;
}

/** The text after RETURNING, which is the last clause. */
export function findReturning(sql: string): string | undefined {
  let found: string | undefined;
  // Literals and names are skipped, so that the word inside them is not taken for the clause.
  for (const match of sql.matchAll(
    /'(?:[^']|'')*'|"(?:[^"]|"")*"|`(?:[^`]|``)*`|\[[^\]]*\]|\bRETURNING\b/gi,
  )) {
    if (match[0].length === 9 && match[0].toUpperCase() === "RETURNING") found = sql.slice(match.index + 9);
  }
  return found;
}
