import express, { type NextFunction, type Request, type Response } from "express";
import { createVerifier } from "fast-jwt";
import createKnex from "knex";
import KnexClient from "knex/lib/dialects/better-sqlite3/index.js";
import { z } from "zod";
import { SQLiteAdapter } from "../../../lib/sqlite-adapter.ts";
import { openMemory, rows, secret, shown } from "../cases.ts";
import { writePage } from "../page.ts";

class Adapter extends SQLiteAdapter {
  constructor() {
    super(openMemory());
  }
}

const Create = z.strictObject({
  customer: z.string().min(1).max(100),
  total: z.int().min(0),
  note: z.string().max(200),
});

/** Express has no renderer of its own; it gets the fastest, a page by concatenation. */
export default function start(): Promise<number> {
  const knex = createKnex({
    client: class extends KnexClient {
      _driver() {
        return Adapter;
      }
    } as never,
    useNullAsDefault: true,
    connection: { filename: ":memory:" },
  });
  const read = () => knex("orders").select("*").where("status", "open").orderBy("id", "desc").limit(shown);
  const verify = createVerifier({ key: secret, cache: true, algorithms: ["HS256"] });
  const guard = (req: Request, res: Response, next: NextFunction): void => {
    try {
      res.locals.user = verify(String(req.headers.authorization).slice(7));
    } catch {
      res.status(401).end();
      return;
    }
    next();
  };
  const app = express();
  const orders = rows();
  app.get("/rows.html", (_req, res) => {
    res.type("html").send(writePage("nobody", orders));
  });
  app.get("/orders.html", guard, async (_req, res) => {
    res.type("html").send(writePage(res.locals.user.name, await read()));
  });
  app.get("/api/orders", guard, async (_req, res) => {
    res.json(await read());
  });
  app.post("/api/orders", guard, express.json(), async (req, res) => {
    const { success, data } = Create.safeParse(req.body);
    if (!success) {
      res.status(400).end();
      return;
    }
    const [row] = await knex("orders").insert({ ...data, status: "paid" }, ["id"]);
    res.status(201).json(row);
  });
  app.use(express.static(process.env.APP_STATIC as string));
  return new Promise((resolve) => {
    const server = app.listen(0, "127.0.0.1", () => resolve((server.address() as { port: number }).port));
  });
}
