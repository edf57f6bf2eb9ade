/** The orders that a page shows. */
export const readOrders = (server) =>
  server.db.get("shop").select().from("orders").eq("status", "open").order("id", "DESC").limit(20).yield();

export const policy = { groups: ["staff"] };
