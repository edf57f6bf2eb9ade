/** The types that a column can be declared with. */
export const columnTypes = [
  "integer",
  "bigint",
  "real",
  "decimal",
  "text",
  "string",
  "boolean",
  "datetime",
  "date",
  "json",
  "blob",
  "uuid",
] as const;

/**
 * The type of a column: `string` is `text`, `datetime` a `Date` (UTC, milliseconds), `date` a day as `2024-12-31`,
 * `decimal` a number in text, `json` any JSON value, `blob` a `Buffer`, `uuid` a string.
 */
export type ColumnType = (typeof columnTypes)[number];
