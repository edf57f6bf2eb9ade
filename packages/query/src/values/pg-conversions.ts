import type { BigintMode } from "./row-mapper.js";
import { UnreadableValue, type ValueConverter } from "./row-mapper.js";

/** The types of PostgreSQL, by their numbers in pg_type, whose text is not what a row should hold. */
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

/** What to do with the text of a column of this type; undefined where the text is the value. */
export function chooseReader(oid: number, column: string, mode: BigintMode): ValueConverter | undefined {
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
  // The older form, which a server can still be told to use.
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
    `The column "${column}" holds ${text}, which no number of JavaScript can be; give the Database ` +
      '{ bigint: "bigint" } or { bigint: "string" }.',
  );
}

// Whatever the time zone of the session is, the text says how far it is from UTC; old offsets have seconds.
const form =
  /^(\d{4,})-(\d\d)-(\d\d) (\d\d):(\d\d):(\d\d)(?:\.(\d+))?(?:([+-])(\d\d)(?::(\d\d))?(?::(\d\d))?)?( BC)?$/;

function toDate(text: string, column: string): Date {
  const match = form.exec(text);
  if (match === null) {
    throw new UnreadableValue(
      `The column "${column}" holds ${JSON.stringify(text)}, which is no date (the server's DateStyle must be ISO).`,
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
