import { defineRoute } from "miqro";

export default defineRoute({
  name: "say hello",
  description: "To whom you name.",
  request: { query: { name: "string" } },
  response: { status: [200], body: { hello: "string" } },
  handler: (req, res) => res.json({ hello: req.query.name })
});
