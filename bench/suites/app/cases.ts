import { DatabaseSync } from "node:sqlite";
import type { Order } from "./page.ts";

/** The requests that the app gets. */
export type Case = "rows" | "page" | "list" | "create" | "missing" | "file" | "file with a session";

export const cases: readonly Case[] = [
  "rows",
  "page",
  "list",
  "create",
  "missing",
  "file",
  "file with a session",
];

export const secret = "a secret of the bench that is 32 bytes long";
export const claims = { sub: "7", name: "ann", groups: ["staff"] };

/** How many orders a page shows. */
export const shown = 20;

/** The head that all share. */
const head = (method: string, path: string, token?: string, more = ""): string =>
  `${method} ${path} HTTP/1.1\r\nHost: shop.example\r\nUser-Agent: bench\r\n${token === undefined ? "" : `Authorization: Bearer ${token}\r\n`}${more}\r\n`;

/** The bytes of each request. */
export function toRequest(name: Case, token: string): string {
  if (name === "rows") return head("GET", "/rows.html", undefined, "Accept: text/html\r\n");
  if (name === "page") return head("GET", "/orders.html", token, "Accept: text/html\r\n");
  if (name === "list") return head("GET", "/api/orders", token, "Accept: application/json\r\n");
  if (name === "missing") return head("GET", "/nothing/here", undefined, "Accept: text/html\r\n");
  if (name === "file") return head("GET", "/logo.svg");
  if (name === "file with a session") return head("GET", "/logo.svg", token);
  const body = JSON.stringify({ customer: "Ann & Sons", total: 1250, note: 'two "large" boxes' });
  const type = `Content-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n`;
  return head("POST", "/api/orders", token, type) + body;
}

/** The file that is asked for, of 4 kB. */
export const file: string = `<svg xmlns="http://www.w3.org/2000/svg"><path d="${"M0 0L9 9".repeat(500)}"/></svg>`;

/** JSON Schema of an order that is created, for those who validate by one. */
export const createSchema = {
  type: "object",
  required: ["customer", "total", "note"],
  additionalProperties: false,
  properties: {
    customer: { type: "string", minLength: 1, maxLength: 100 },
    total: { type: "integer", minimum: 0 },
    note: { type: "string", maxLength: 200 },
  },
} as const;

/** Makes the table with its 1,000 orders; ids are long from the beginning, so that all answers have one length. */
export function fill(database: DatabaseSync): DatabaseSync {
  database.exec(
    "CREATE TABLE orders (id INTEGER PRIMARY KEY AUTOINCREMENT, customer TEXT, status TEXT, total INTEGER, note TEXT)",
  );
  const insert = database.prepare(
    "INSERT INTO orders (id, customer, status, total, note) VALUES (?, ?, ?, ?, ?)",
  );
  for (const { id, customer, status, total, note } of createRows())
    insert.run(id, customer, status, total, note);
  return database;
}

/** The orders of a page that asks no database. */
export const rows = (): Order[] => createRows().slice(0, 100);

/** The orders that are there at the beginning. */
export function createRows(): Order[] {
  return Array.from({ length: 1000 }, (_, index) => ({
    id: 1_000_000 + index,
    customer: `Customer ${index} & Sons`,
    status: index % 2 === 0 ? "open" : "paid",
    total: 100 + index,
    note: `a "note" of order <${index}>`,
  }));
}

export const openMemory = (): DatabaseSync => fill(new DatabaseSync(":memory:"));
