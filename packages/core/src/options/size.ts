import { ArgumentError } from "../errors.js";

const units: Readonly<Record<string, number>> = { b: 1, kb: 1024, mb: 1024 ** 2, gb: 1024 ** 3 };

/** Whether a value is a size. */
export function isSize(value: number | string): boolean {
  return !Number.isNaN(toBytes(value));
}

/** Parses a size: a number of bytes, or a string such as `"1mb"`. */
export function parseSize(size: number | string, name: string): number {
  const bytes = toBytes(size);
  if (Number.isNaN(bytes)) {
    throw new ArgumentError(
      `${name} must be a number of bytes or a size such as "1mb", not ${JSON.stringify(size)}.`,
    );
  }
  return bytes;
}

function toBytes(limit: number | string): number {
  const match = /^\s*(\d+(?:\.\d+)?)\s*(b|kb|mb|gb)?\s*$/i.exec(String(limit));
  const bytes =
    match === null ? Number.NaN : Number(match[1]) * (units[(match[2] ?? "b").toLowerCase()] ?? 1);
  return bytes >= 0 && Number.isFinite(bytes) ? Math.floor(bytes) : Number.NaN;
}
