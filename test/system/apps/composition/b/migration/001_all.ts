import { MigrationModule } from "miqro";
export default {
  name: "001_all",
  dbName: "b",
  up: async (db) => {
    await db.createTable("config", { name: { type: "string" } }).yield();
    await db.insert("config").values({ name: "shared" }).yield();
    await db.createTable("posts", { title: { type: "string" }, account: { type: "string" } }).yield();
    await db.insert("posts").values({ title: "of one", account: "one" }).yield();
    await db.insert("posts").values({ title: "of two", account: "two" }).yield();
  }
} as MigrationModule;
