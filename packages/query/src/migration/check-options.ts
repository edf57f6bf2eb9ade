import { OptionIssues } from "../options/option-issues.js";

/** Checks the options of `migrate()` and `migrationStatus()`; `known` are the options of the function. */
export function checkMigrationOptions(options: unknown, known: readonly string[], taker: string): void {
  const issues = new OptionIssues(taker);
  const { direction, db, name, logger, migrations, folder } = issues.read(options, "", taker, known);
  if (known.includes("direction") && direction !== "up" && direction !== "down") {
    issues.expect(direction ?? null, false, "direction", '"up" or "down"', "The direction");
  }
  const isDatabase =
    typeof (db as { readonly transaction?: unknown } | undefined)?.transaction === "function";
  issues.expect(db ?? null, isDatabase, "db", "a Database that is connected");
  issues.expect(name, typeof name === "string" && name !== "", "name", "the name of a migration");
  const isLogger = typeof (logger as { readonly info?: unknown } | null | undefined)?.info === "function";
  issues.expect(logger, isLogger, "logger", "a logger");
  issues.expect(migrations, Array.isArray(migrations), "migrations", "an array");
  issues.expect(folder, typeof folder === "string" && folder !== "", "folder", "the path of a folder");
  if ((migrations === undefined) === (folder === undefined)) {
    issues.add("migrations", "Migrations come from `migrations` or from a `folder`; give one of the two.");
  }
  issues.throwIfAny();
}
