import { randomBytes } from "node:crypto";
import type { MigrationModule } from "miqro";

export default {
  up: async (db) => {
    await db.createTable("author", { password: { type: "string", notNull: true } }).yield();
    await db
      .insert("author")
      .values({ password: randomBytes(5).toString("hex") })
      .yield();
    await db
      .createTable("sessions", {
        tokenHash: { type: "string", primaryKey: true },
        expiresAt: { type: "datetime", notNull: true },
      })
      .yield();
  },
  down: async (db) => {
    await db.dropTable("sessions").yield();
    await db.dropTable("author").yield();
  },
} satisfies MigrationModule;
