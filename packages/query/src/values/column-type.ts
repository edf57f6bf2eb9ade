/** The types that a column can be declared with. */
export const columnTypes = [
  "integer",
  "bigint",
  "real",
  "text",
  "string",
  "boolean",
  "datetime",
  "json",
  "blob",
  "uuid",
] as const;

/**
 * The type of a column: `string` is `text`, `datetime` a `Date` (UTC, milliseconds), `json` any JSON value,
 * `blob` a `Buffer`, `uuid` a string.
 */
export type ColumnType = (typeof columnTypes)[number];
