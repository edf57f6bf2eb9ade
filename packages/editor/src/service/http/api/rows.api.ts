import { defineRoute } from "miqro";
import { askApp } from "../../../app/ask-app.js";

export default defineRoute({
  description: "A page of a table",
  request: {
    query: {
      database: "string",
      table: "string",
      offset: { type: "integer", min: 0, default: 0 },
      limit: { type: "integer", min: 1, max: 200, default: 50 },
    },
  },
  handler: async (req, res) => res.json(await askApp({ ask: "rows", ...req.query })),
});
