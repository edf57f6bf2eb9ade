import { APIOptions } from "miqro";
import { JSONParser } from "@miqro/core";
export const apiOptions: APIOptions = { method: "POST", middleware: [JSONParser()] };
// http/publish.api.ts
export default async (req, res) => {
  const ws = req.server.ws.get("/updates");
  await ws.broadcast(JSON.stringify({ text: req.body.text }));
  return res.json({ ok: true });
}
