import { MigrationModule } from "miqro";
export default {
  name: "001_create_posts",
  dbName: "mydb",
  up: async (db) => {
    await db.createTable("posts", {
      id: { type: "integer", primaryKey: true, autoIncrement: true },
      title: { type: "string" },
      content: { type: "string" }
    }).yield();
  },
  down: async (db) => {
    await db.dropTable("posts").yield();
  }
} as MigrationModule;
