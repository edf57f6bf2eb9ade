import type { BigintMode } from "../../../values/row-mapper.js";
import { UnreadableValue, type ValueConverter } from "../../../values/row-mapper.js";
import { readPgArray } from "./pg-array.js";

/** The types of PostgreSQL whose values must be converted from strings, with their OIDs of pg_type. */
const pgTypes = {
  bool: 16,
  bytea: 17,
  int8: 20,
  int2: 21,
  int4: 23,
  oid: 26,
  json: 114,
  float4: 700,
  float8: 701,
  timestamp: 1114,
  timestamptz: 1184,
  jsonb: 3802,
} as const;

/** The types of a database that the user created have this OID or a larger one. */
export const firstCustomType = 16_384;

/**
 * The OIDs of element types, by the OIDs of array types that the user created. The value is undefined for types that
 * are not arrays.
 */
export type CustomArrays = ReadonlyMap<number, number | undefined>;

/** The OIDs of element types, by the OIDs of array types. */
const elementTypes: ReadonlyMap<number, number> = new Map([
  [143, 142], // xml
  [199, 114], // json
  [651, 650], // cidr
  [775, 774], // macaddr8
  [791, 790], // money
  [1000, 16], // bool
  [1001, 17], // bytea
  [1002, 18], // "char"
  [1003, 19], // name
  [1005, 21], // int2
  [1007, 23], // int4
  [1009, 25], // text
  [1014, 1042], // bpchar
  [1015, 1043], // varchar
  [1016, 20], // int8
  [1021, 700], // float4
  [1022, 701], // float8
  [1017, 600], // point
  [1028, 26], // oid
  [1040, 829], // macaddr
  [1041, 869], // inet
  [1115, 1114], // timestamp
  [1182, 1082], // date
  [1183, 1083], // time
  [1185, 1184], // timestamptz
  [1187, 1186], // interval
  [1231, 1700], // numeric
  [1270, 1266], // timetz
  [1561, 1560], // bit
  [1563, 1562], // varbit
  [2951, 2950], // uuid
  [3643, 3614], // tsvector
  [3807, 3802], // jsonb
  [3905, 3904], // int4range
  [3907, 3906], // numrange
  [3909, 3908], // tsrange
  [3911, 3910], // tstzrange
  [3913, 3912], // daterange
  [3927, 3926], // int8range
]);

/** Returns the function that converts strings of a column type. Returns undefined if the value stays a string. */
export function chooseReader(
  oid: number,
  column: string,
  mode: BigintMode,
  custom: CustomArrays,
): ValueConverter | undefined {
  const element = oid < firstCustomType ? elementTypes.get(oid) : custom.get(oid);
  if (element !== undefined) {
    const read = chooseReader(element, column, mode, custom);
    return (text) => (text === null ? null : readPgArray(text as string, read));
  }
  switch (oid) {
    case pgTypes.bool:
      return (text) => (text === null ? null : text === "t");
    case pgTypes.bytea:
      return (text) => (text === null ? null : toBuffer(text as string));
    case pgTypes.int8:
      return mode === "string"
        ? undefined
        : (text) => (text === null ? null : toBigint(text as string, column, mode));
    case pgTypes.int2:
    case pgTypes.int4:
    case pgTypes.oid:
    case pgTypes.float4:
    case pgTypes.float8:
      return (text) => (text === null ? null : Number(text));
    case pgTypes.json:
    case pgTypes.jsonb:
      return (text) => (text === null ? null : JSON.parse(text as string));
    case pgTypes.timestamp:
    case pgTypes.timestamptz:
      return (text) => (text === null ? null : toDate(text as string, column));
    default:
      return undefined;
  }
}

function toBuffer(text: string): Buffer {
  if (text.startsWith("\\x")) return Buffer.from(text.slice(2), "hex");
  // The older format `escape`. A server can still be configured to use it.
  return Buffer.from(
    text.replace(/\\(\\|\d{3})/g, (_, code: string) =>
      code === "\\" ? code : String.fromCharCode(Number.parseInt(code, 8)),
    ),
    "latin1",
  );
}

function toBigint(text: string, column: string, mode: BigintMode): number | bigint {
  if (mode === "bigint") return BigInt(text);
  const number = Number(text);
  if (Number.isSafeInteger(number)) return number;
  throw new UnreadableValue(
    `The column "${column}" holds ${text}, which a number of JavaScript cannot hold exactly; give the Database ` +
      '{ bigint: "bigint" } or { bigint: "string" }.',
  );
}

// The string contains its offset from UTC, so the time zone of the session does not matter. Offsets of historical times
// may have seconds.
const form =
  /^(\d{4,})-(\d\d)-(\d\d) (\d\d):(\d\d):(\d\d)(?:\.(\d+))?(?:([+-])(\d\d)(?::(\d\d))?(?::(\d\d))?)?( BC)?$/;

function toDate(text: string, column: string): Date | number {
  const match = form.exec(text);
  if (match === null) {
    // A `Date` cannot be infinite. The numbers `Infinity` and `-Infinity` compare correctly with a `Date`.
    if (text === "infinity") return Number.POSITIVE_INFINITY;
    if (text === "-infinity") return Number.NEGATIVE_INFINITY;
    throw new UnreadableValue(
      `The column "${column}" holds ${JSON.stringify(text)}, which is not a date (the DateStyle of the server must be ISO).`,
    );
  }
  const [, year, month, day, hour, minute, second, fraction = "", sign, hours, minutes, seconds, era] = match;
  const date = new Date(0);
  date.setUTCFullYear(era === undefined ? Number(year) : 1 - Number(year), Number(month) - 1, Number(day));
  date.setUTCHours(Number(hour), Number(minute), Number(second), Number(fraction.slice(0, 3).padEnd(3, "0")));
  if (sign === undefined) return date;
  const offset = Number(hours) * 3600 + Number(minutes ?? 0) * 60 + Number(seconds ?? 0);
  return new Date(date.getTime() - (sign === "-" ? -offset : offset) * 1000);
}
