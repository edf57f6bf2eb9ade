import type { MigrationModule } from "miqro";

export default {
  up: async (db) => {
    await db
      .createTable("posts", {
        id: { type: "integer", primaryKey: true, autoIncrement: true },
        title: { type: "string", notNull: true },
        content: { type: "text", notNull: true },
        createdAt: { type: "datetime", notNull: true },
      })
      .yield();
    await db
      .insert("posts")
      .values({
        title: "Hello, world",
        content: "This row was written by the first migration.",
        createdAt: new Date(),
      })
      .yield();
  },
  down: async (db) => {
    await db.dropTable("posts").yield();
  },
} as MigrationModule;
