import type { MigrationModule } from "miqro";

export default {
  up: (db) =>
    db.alterTable("posts").addColumn("claps", { type: "integer", notNull: true, default: 0 }).yield(),
  down: (db) => db.alterTable("posts").dropColumn("claps").yield(),
} satisfies MigrationModule;
