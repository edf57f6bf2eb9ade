import { createRows } from "../cases.ts";

export default {
  async load(server) {
    const db = server.db.get("shop");
    await db
      .createTable("orders", {
        id: { type: "integer", primaryKey: true, autoIncrement: true },
        customer: { type: "string" },
        status: { type: "string" },
        total: { type: "integer" },
        note: { type: "string" },
      })
      .yield();
    await db.insert("orders").values(createRows()).yield();
  },
};
