import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { json, send, serve } from "@miqro/core/micro";
import { data, routeCount, type Start, text } from "../cases.ts";
import { userSchema } from "../user-schema.ts";

// The service of micro.ts, with the import changed.
const groups = new Set(Array.from({ length: routeCount }, (_, index) => `/group${index}/items`));

const handlers: Readonly<Record<string, (req: IncomingMessage, res: ServerResponse) => unknown>> = {
  text: () => text,
  json: () => data,
  params: (req, res) => {
    const path = req.url ?? "";
    const last = path.lastIndexOf("/");
    return groups.has(path.slice(0, last)) ? { id: path.slice(last + 1) } : send(res, 404);
  },
  post: async (req, res) => {
    const result = userSchema.safeParse(await json(req));
    return result.success ? { id: 1, name: result.data.name } : send(res, 400);
  },
};

const start: Start = (name) =>
  new Promise((resolve) => {
    const server = createServer(serve(handlers[name] as never));
    server.listen(0, "127.0.0.1", () => resolve((server.address() as AddressInfo).port));
  });

export default start;
