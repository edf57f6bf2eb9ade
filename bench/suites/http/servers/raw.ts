import { createServer, type RequestListener, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { data, load, routeCount, type Start, text, type User } from "../cases.ts";

function send(res: ServerResponse, status: number, type: string, body: string): void {
  res.writeHead(status, { "Content-Type": type, "Content-Length": Buffer.byteLength(body) });
  res.end(body);
}

const sendJSON = (res: ServerResponse, status: number, value: unknown): void =>
  send(res, status, "application/json; charset=utf-8", JSON.stringify(value));

const groups = new Map<string, (id: string, res: ServerResponse) => void>();
for (let index = 0; index < routeCount; index++) {
  groups.set(`/group${index}/items`, (id, res) => sendJSON(res, 200, { id }));
}

function isUser(value: unknown): value is User {
  if (typeof value !== "object" || value === null) return false;
  const { name, age, email, tags } = value as Record<string, unknown>;
  return (
    typeof name === "string" &&
    name.length >= 1 &&
    name.length <= 100 &&
    typeof age === "number" &&
    Number.isInteger(age) &&
    age >= 0 &&
    typeof email === "string" &&
    /^[^@\s]+@[^@\s]+$/.test(email) &&
    Array.isArray(tags) &&
    tags.every((tag) => typeof tag === "string")
  );
}

const listeners: Readonly<Record<string, RequestListener>> = {
  text: (_req, res) => send(res, 200, "text/plain; charset=utf-8", text),
  json: (_req, res) => sendJSON(res, 200, data),
  middleware: (req, res) => {
    if (req.headers["x-refused"] !== undefined || req.headers["x-also-refused"] !== undefined)
      sendJSON(res, 403, {});
    else sendJSON(res, 200, data);
  },
  async: async (_req, res) => sendJSON(res, 200, await load()),
  missing: (_req, res) => send(res, 404, "text/plain; charset=utf-8", "Not found"),
  params: (req, res) => {
    const url = req.url ?? "";
    const end = url.indexOf("?");
    const path = end === -1 ? url : url.slice(0, end);
    const last = path.lastIndexOf("/");
    const handler = req.method === "GET" ? groups.get(path.slice(0, last)) : undefined;
    if (handler === undefined) sendJSON(res, 404, {});
    else handler(decodeURIComponent(path.slice(last + 1)), res);
  },
  post: (req, res) => {
    const chunks: Buffer[] = [];
    req.on("data", (chunk: Buffer) => chunks.push(chunk));
    req.on("end", () => {
      let value: unknown;
      try {
        value = JSON.parse(Buffer.concat(chunks).toString());
      } catch {
        sendJSON(res, 400, {});
        return;
      }
      if (isUser(value)) sendJSON(res, 200, { id: 1, name: value.name });
      else sendJSON(res, 400, {});
    });
  },
};

const start: Start = (name) =>
  new Promise((resolve) => {
    const server = createServer(listeners[name]);
    server.listen(0, "127.0.0.1", () => resolve((server.address() as AddressInfo).port));
  });

export default start;
