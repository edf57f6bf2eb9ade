import { MigrationModule } from "miqro";
export default {
  name: "002_fill_posts",
  dbName: "mydb",
  up: async (db) => {
    for (const title of ["First <b>", "Second"]) {
      await db.insert("posts").values({ title, content: "…" }).yield();
    }
  },
  down: async (db) => {
    await db.delete("posts").yield();
  }
} as MigrationModule;
