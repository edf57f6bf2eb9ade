import { createServer } from "node:http";
import { DatabaseSync } from "node:sqlite";
import { createVerifier } from "fast-jwt";
import { column, createDatabase, table } from "remix/data-table";
import { createSqliteDatabaseAdapter } from "remix/data-table-sqlite";
import { createRouter } from "remix/fetch-router";
import { createRequestListener } from "remix/node-fetch-server";
import { createHtmlResponse } from "remix/response/html";
import { createElement } from "remix/ui";
import { renderToStream } from "remix/ui/server";
import { fill, secret, shown } from "../suites/app/cases.ts";
import { createPage, type Order } from "../suites/app/page.ts";

type Render = (props: Record<string, unknown>) => unknown;

// A component of Remix sets itself up once, and gives the function that renders. One function of Remix stands for each
// function of the page.
const setups = new WeakMap<Render, (handle: { readonly props: Record<string, unknown> }) => () => unknown>();

function toSetup(render: Render): unknown {
  let setup = setups.get(render);
  if (setup === undefined) {
    setup = (handle) => () => render(handle.props);
    setups.set(render, setup);
  }
  return setup;
}

const h = (type: unknown, props: Record<string, unknown> | null, ...children: unknown[]): unknown =>
  createElement(
    (typeof type === "function" ? toSetup(type as Render) : type) as never,
    props as never,
    ...(children as never[]),
  );
const Page = createPage(h) as unknown as Render;

const orders = table({
  name: "orders",
  columns: {
    id: column.integer(),
    customer: column.text(),
    status: column.text(),
    total: column.integer(),
    note: column.text(),
  },
});

export default function start(): Promise<number> {
  const db = createDatabase(createSqliteDatabaseAdapter(fill(new DatabaseSync(":memory:"))));
  const verify = createVerifier({ key: secret, cache: true, algorithms: ["HS256"] });
  const router = createRouter();
  router.get("/orders.html", async ({ request }) => {
    let user: { readonly name: string };
    try {
      user = verify(String(request.headers.get("authorization")).slice(7)) as typeof user;
    } catch {
      return new Response("Unauthorized", { status: 401 });
    }
    const rows = (await db
      .query(orders)
      .where({ status: "open" })
      .orderBy("id", "desc")
      .limit(shown)
      .all()) as unknown as readonly Order[];
    return createHtmlResponse(renderToStream(h(Page, { user: user.name, orders: rows }) as never));
  });
  const server = createServer(createRequestListener((request) => router.fetch(request)));
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => resolve((server.address() as { port: number }).port));
  });
}
