import { ArgumentError } from "../errors.js";

const units: Readonly<Record<string, number>> = { b: 1, kb: 1024, mb: 1024 ** 2, gb: 1024 ** 3 };

/** Reads a size: a number of bytes, or a text such as `"1mb"`. */
export function parseLimit(limit: number | string, name = "limit"): number {
  const match = /^\s*(\d+(?:\.\d+)?)\s*(b|kb|mb|gb)?\s*$/i.exec(String(limit));
  const bytes =
    match === null ? Number.NaN : Number(match[1]) * (units[(match[2] ?? "b").toLowerCase()] ?? 1);
  if (!(bytes >= 0 && Number.isFinite(bytes))) {
    throw new ArgumentError(
      `${name} is a number of bytes or a size such as "1mb", not ${JSON.stringify(limit)}.`,
    );
  }
  return Math.floor(bytes);
}
