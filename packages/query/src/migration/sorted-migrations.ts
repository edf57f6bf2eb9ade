import { readdir } from "node:fs/promises";
import { MigrationError } from "../errors.js";

const extension = /\.[mc]?[jt]s$/;
const declaration = /\.d\.[mc]?ts$/;

/** The migration files of a folder, ordered by the numbers at the beginning of their names: 2 before 10. */
export async function getSortedMigrations(folder: string): Promise<string[]> {
  let entries: string[];
  try {
    entries = await readdir(folder);
  } catch (error) {
    throw new MigrationError(
      "QUERY_MIGRATION_INVALID",
      `The folder of migrations "${folder}" cannot be read: ${(error as Error).message}.`,
      undefined,
      error,
    );
  }
  return entries
    .filter((entry) => extension.test(entry) && !declaration.test(entry) && !entry.startsWith("."))
    .sort(compare);
}

/** The name in the table of records for a file name. */
export function toMigrationName(file: string): string {
  return file.replace(extension, "");
}

function compare(left: string, right: string): number {
  const difference = numberOf(left) - numberOf(right);
  // For two names without a number, the difference is `Infinity - Infinity`, which is NaN.
  if (difference !== 0 && !Number.isNaN(difference)) return difference;
  return left < right ? -1 : Number(left > right);
}

function numberOf(file: string): number {
  const digits = /^\d+/.exec(file);
  return digits === null ? Number.POSITIVE_INFINITY : Number(digits[0]);
}
