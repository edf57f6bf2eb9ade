/** The types of elements of an array. */
const elementTypes = [
  "integer",
  "bigint",
  "real",
  "decimal",
  "text",
  "string",
  "boolean",
  "datetime",
  "date",
  "uuid",
] as const;

/** The type of the elements of an array. */
export type ElementType = (typeof elementTypes)[number];

/** An array type, such as `text[]`. Only PostgreSQL has arrays. */
export type ArrayType = `${ElementType}[]`;

/**
 * The type of a column. In JavaScript, its values are:
 *
 * - `text`, `string`, `uuid`: a string
 * - `integer`, `real`: a number
 * - `bigint`: as the option `bigint` of the `Database` says, by default a number
 * - `decimal`: a string with all digits
 * - `boolean`: a boolean
 * - `date`: a string such as `2024-12-31`
 * - `datetime`: a `Date`, stored in UTC with milliseconds
 * - `json`: any value of JSON
 * - `blob`: a `Buffer`
 * - `text[]` and other arrays (PostgreSQL only): an array
 */
export type ColumnType = ScalarType | ArrayType;

/** The type of a column that holds one value. */
export type ScalarType = ElementType | "json" | "blob";

/** The types that a column can be declared with. */
export const columnTypes: readonly ColumnType[] = [
  ...elementTypes,
  "json",
  "blob",
  ...elementTypes.map((type) => `${type}[]` as const),
];

/** The type of the elements, if the type is an array type. */
export function elementOf(type: ColumnType): ElementType | undefined {
  return type.endsWith("[]") ? (type.slice(0, -2) as ElementType) : undefined;
}
