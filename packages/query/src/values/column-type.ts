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
 * The type of a column: `string` is `text`, `datetime` a `Date` (UTC, milliseconds), `date` a day as `2024-12-31`,
 * `decimal` a number as a string, `json` any JSON value, `blob` a `Buffer`, `uuid` a string, `text[]` an array of
 * strings.
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
