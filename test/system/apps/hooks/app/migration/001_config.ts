import { MigrationModule } from "miqro";
export default {
  name: "001_config",
  dbName: "mydb",
  up: async (db) => {
    await db.createTable("config", { key: { type: "string" }, value: { type: "string" } }).yield();
    await db.insert("config").values({ key: "colour", value: "teal" }).yield();
  }
} as MigrationModule;
