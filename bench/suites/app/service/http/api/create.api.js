import { policy } from "../../orders.js";

export default {
  path: "/orders",
  method: "POST",
  policy,
  request: {
    body: {
      customer: { type: "string", minLength: 1, maxLength: 100 },
      total: { type: "integer", min: 0 },
      note: { type: "string", maxLength: 200 },
    },
  },
  response: { status: 201, body: { id: "integer" } },
  async handler(req, res) {
    const values = { ...req.body, status: "paid" };
    const [row] = await req.server.db.get("shop").insert("orders").values(values).returning("id").yield();
    return res.json(row, {}, 201);
  },
};
