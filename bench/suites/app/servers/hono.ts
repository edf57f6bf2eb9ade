import { serve } from "@hono/node-server";
import { serveStatic } from "@hono/node-server/serve-static";
import { desc, eq } from "drizzle-orm";
import { BetterSQLiteSession } from "drizzle-orm/better-sqlite3/session";
import { BaseSQLiteDatabase, integer, SQLiteSyncDialect, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { Hono } from "hono";
import { jsx } from "hono/jsx";
import { jwt } from "hono/jwt";
import { validator } from "hono/validator";
import { z } from "zod";
import { SQLiteAdapter } from "../../../lib/sqlite-adapter.ts";
import { openMemory, rows, secret, shown } from "../cases.ts";
import { createPage } from "../page.ts";

const Page = createPage(jsx);
const orders = sqliteTable("orders", {
  id: integer().primaryKey({ autoIncrement: true }),
  customer: text().notNull(),
  status: text().notNull(),
  total: integer().notNull(),
  note: text().notNull(),
});
const Create = z.strictObject({
  customer: z.string().min(1).max(100),
  total: z.int().min(0),
  note: z.string().max(200),
});

export default function start(): Promise<number> {
  const dialect = new SQLiteSyncDialect({});
  const session = new BetterSQLiteSession(new SQLiteAdapter(openMemory()) as never, dialect, undefined);
  const db = new BaseSQLiteDatabase<"sync", unknown>("sync", dialect, session as never, undefined);
  const read = () =>
    db.select().from(orders).where(eq(orders.status, "open")).orderBy(desc(orders.id)).limit(shown).all();
  const app = new Hono<{ Variables: { jwtPayload: { name: string } } }>();
  const guard = jwt({ secret, alg: "HS256" });
  const memory = rows();
  app.get("/rows.html", (c) =>
    c.html(`<!DOCTYPE html>${jsx(Page as never, { user: "nobody", orders: memory } as never)}`),
  );
  app.get("/orders.html", guard, (c) => {
    const { name } = c.get("jwtPayload");
    return c.html(`<!DOCTYPE html>${jsx(Page as never, { user: name, orders: read() } as never)}`);
  });
  app.get("/api/orders", guard, (c) => c.json(read()));
  const check = validator("json", (value, c) => {
    const result = Create.safeParse(value);
    return result.success ? result.data : c.text("Bad request", 400);
  });
  app.post("/api/orders", guard, check, (c) => {
    const [row] = db
      .insert(orders)
      .values({ ...c.req.valid("json"), status: "paid" })
      .returning({ id: orders.id })
      .all();
    return c.json(row, 201);
  });
  app.use("/*", serveStatic({ root: process.env.APP_STATIC as string }));
  return new Promise((resolve) => {
    serve({ fetch: app.fetch, port: 0, hostname: "127.0.0.1" }, ({ port }) => resolve(port));
  });
}
