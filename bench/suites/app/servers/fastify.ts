import jwt from "@fastify/jwt";
import files from "@fastify/static";
import Fastify from "fastify";
import { type Generated, Kysely, SqliteDialect } from "kysely";
import { h } from "preact";
import { render } from "preact-render-to-string";
import { SQLiteAdapter } from "../../../lib/sqlite-adapter.ts";
import { createSchema, openMemory, rows, secret, shown } from "../cases.ts";
import { createPage, type Order } from "../page.ts";

const Page = createPage(h);
const order = {
  type: "object",
  properties: {
    id: { type: "integer" },
    customer: { type: "string" },
    status: { type: "string" },
    total: { type: "integer" },
    note: { type: "string" },
  },
};

export default async function start(): Promise<number> {
  const db = new Kysely<{ orders: Omit<Order, "id"> & { id: Generated<number> } }>({
    dialect: new SqliteDialect({ database: new SQLiteAdapter(openMemory()) as never }),
  });
  const read = () =>
    db
      .selectFrom("orders")
      .selectAll()
      .where("status", "=", "open")
      .orderBy("id", "desc")
      .limit(shown)
      .execute();
  const app = Fastify();
  await app.register(jwt, { secret, verify: { cache: true, algorithms: ["HS256"] } });
  await app.register(files, { root: process.env.APP_STATIC as string });
  const onRequest = async (req: import("fastify").FastifyRequest) => {
    await req.jwtVerify();
  };
  const orders = rows();
  app.get("/rows.html", (_req, reply) => {
    reply.type("text/html; charset=utf-8");
    return `<!DOCTYPE html>${render(h(Page as never, { user: "nobody", orders } as never))}`;
  });
  app.get("/orders.html", { onRequest }, async (req, reply) => {
    const { name } = req.user as { name: string };
    reply.type("text/html; charset=utf-8");
    return `<!DOCTYPE html>${render(h(Page as never, { user: name, orders: await read() } as never))}`;
  });
  const list = { response: { 200: { type: "array", items: order } } };
  app.get("/api/orders", { onRequest, schema: list }, () => read());
  const created = { type: "object", properties: { id: { type: "integer" } } };
  app.post(
    "/api/orders",
    { onRequest, schema: { body: createSchema, response: { 201: created } } },
    async (req, reply) => {
      const { customer, total, note } = req.body as Order;
      const values = { customer, total, note, status: "paid" };
      reply.code(201);
      return db.insertInto("orders").values(values).returning("id").executeTakeFirstOrThrow();
    },
  );
  await app.listen({ port: 0, host: "127.0.0.1" });
  return app.addresses()[0]?.port ?? 0;
}
