import type { Dialect } from "../dialect.js";
import { PgDriver } from "./driver/pg-driver.js";
import { PgCompiler } from "./pg-compiler.js";

/** PostgreSQL. */
export function createPgDialect(index: number): Dialect {
  return {
    name: "pg",
    index,
    isServer: true,
    // The protocol counts parameters in 16 bits.
    mostParameters: 65_535,
    createCompiler: () => new PgCompiler(),
    createDriver: (settings) => new PgDriver(settings),
    joinPlaceholders: (segments) =>
      segments.reduce((text, segment, position) => `${text}$${position}${segment}`),
    tableExists: (table) => ({
      sql: "SELECT 1 FROM pg_catalog.pg_class WHERE oid = to_regclass(quote_ident($1))",
      params: [table],
    }),
    // All processes that migrate this database must lock the same number.
    migrationLock: "SELECT pg_advisory_xact_lock(hashtext('miqro_migration'))",
    schemaLock: "SELECT pg_advisory_xact_lock(hashtext('miqro_schema'))",
    explain: "EXPLAIN ",
    toPlanLine: (row) => String(row["QUERY PLAN"]),
  };
}
