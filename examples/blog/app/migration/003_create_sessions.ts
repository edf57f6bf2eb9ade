import type { MigrationModule } from "miqro";

export default {
  up: (db) =>
    db
      .createTable("sessions", {
        tokenHash: { type: "string", primaryKey: true },
        expiresAt: { type: "datetime", notNull: true },
      })
      .yield(),
  down: (db) => db.dropTable("sessions").yield(),
} satisfies MigrationModule;
