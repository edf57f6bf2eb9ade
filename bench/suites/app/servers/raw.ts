import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { createVerifier } from "fast-jwt";
import { type claims, openMemory, rows, secret, shown } from "../cases.ts";
import { type Order, writePage } from "../page.ts";

const verify = createVerifier({ key: secret, cache: true, algorithms: ["HS256"] });

/** The whole app by hand: prepared statements, a page by concatenation, and no more checks than it needs. */
export default function start(): Promise<number> {
  const database = openMemory();
  const select = database.prepare("SELECT * FROM orders WHERE status = ? ORDER BY id DESC LIMIT ?");
  const insert = database.prepare(
    "INSERT INTO orders (customer, status, total, note) VALUES (?, 'paid', ?, ?) RETURNING id",
  );
  const read = (): Order[] => select.all("open", shown) as unknown as Order[];
  const orders = rows();
  const file = readFileSync(join(process.env.APP_STATIC as string, "logo.svg"));
  const server = createServer((req, res) => {
    const answer = (status: number, type: string, body: string | Buffer): void => {
      res.writeHead(status, { "Content-Type": type, "Content-Length": Buffer.byteLength(body) });
      res.end(body);
    };
    if (req.url === "/rows.html") return answer(200, "text/html; charset=utf-8", writePage("nobody", orders));
    if (req.url === "/logo.svg") return answer(200, "image/svg+xml", file);
    if (req.url !== "/orders.html" && req.url !== "/api/orders")
      return answer(404, "text/plain", "Not found");
    let user: typeof claims;
    try {
      user = verify(String(req.headers.authorization).slice(7)) as typeof claims;
    } catch {
      return answer(401, "text/plain", "Unauthorized");
    }
    if (req.url === "/orders.html")
      return answer(200, "text/html; charset=utf-8", writePage(user.name, read()));
    if (req.method === "GET") return answer(200, "application/json", JSON.stringify(read()));
    let text = "";
    req.on("data", (chunk) => {
      text += chunk;
    });
    req.on("end", () => {
      const { customer, total, note } = JSON.parse(text) as Order;
      const isValid =
        typeof customer === "string" &&
        customer !== "" &&
        customer.length <= 100 &&
        Number.isInteger(total) &&
        total >= 0 &&
        typeof note === "string" &&
        note.length <= 200;
      if (!isValid) return answer(400, "text/plain", "Bad request");
      const row = insert.get(customer, total, note) as { id: number };
      answer(201, "application/json", JSON.stringify({ id: row.id }));
    });
  });
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => resolve((server.address() as { port: number }).port));
  });
}
