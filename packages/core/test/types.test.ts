import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  type APIRoute,
  App,
  defineRoute,
  type ErrorHandler,
  type Handler,
  hook,
  type Middleware,
  type ModuleMeta,
  plugin,
  type Request,
  type Response,
  Router,
  type Routes,
  type Scope,
} from "@miqro/core";

declare module "@miqro/core" {
  interface Request {
    server: { readonly name: string };
  }
}

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
function is<_ extends true>(): void {}

describe("types", () => {
  it("let a consumer add to the request, everywhere", () => {
    new App().use((req) => req.server.name).get("/", (req) => req.server.name);
    defineRoute({
      request: { body: "string" },
      handler: (req) => is<Equal<typeof req.server.name, string>>(),
    });
    ({ handler: (req) => req.server.name }) as APIRoute;
    const handler: Handler = (req: Request, res: Response) => res.text(req.server.name);
    assert.equal(typeof handler, "function");
  });

  it("leave the request of middleware open, and no other", () => {
    const middleware: Middleware = (req) => {
      req.startTime = Date.now();
    };
    const onError: ErrorHandler = (error, req) => req.logger.error(error);
    new Router().use(middleware).catch(onError);
    new Router().get("/", (req) => {
      // @ts-expect-error a route's request has no field of this name
      req.startTime = 1;
      // @ts-expect-error the body is unknown without a schema
      req.body.title;
    });
    ({ handler: (req) => req.body.title }) as APIRoute;
  });

  it("ask for a handler, and for options that are known", () => {
    const wrong = (): unknown[] => [
      // @ts-expect-error no handler
      new App().get("/x"),
      // @ts-expect-error misspelt
      new App({ trustproxy: true }),
      // @ts-expect-error misspelt
      new Router().route({ path: "/x", polcy: { groups: [] }, handler: () => 1 }),
    ];
    assert.equal(typeof wrong, "function");
  });

  it("infer the parts of a request and what json takes from the schemas", () => {
    defineRoute({
      request: {
        body: { title: "string", age: "integer?" },
        query: { page: "number" },
        params: { id: "integer" },
      },
      response: { status: [200], body: { id: "number" } },
      handler: (req, res) => {
        is<Equal<typeof req.body.title, string>>();
        is<Equal<typeof req.query.page, number>>();
        is<Equal<typeof req.params.id, number>>();
        // @ts-expect-error not in the schema
        req.body.other;
        // @ts-expect-error a string is no number
        res.json({ id: "1" });
        // @ts-expect-error the field is missing
        res.json({});
        res.json({ error: "x" }, {}, 404);
        return res.json({ id: 1 });
      },
    });
    defineRoute({
      method: ["GET", "POST"],
      request: { body: { title: "string" }, query: { page: "integer?" }, invalid: "pass" },
      handler: (req) => {
        if (req.problem !== undefined) {
          is<Equal<typeof req.body, unknown>>();
          return req.problem.issues?.length;
        }
        is<Equal<typeof req.query.page, number | undefined>>();
        // @ts-expect-error a GET has none
        req.body.title;
        return req.body?.title.length;
      },
    });
    defineRoute({
      handler: (req) => {
        is<Equal<typeof req.body, unknown>>();
        is<Equal<typeof req.query.a, string | string[] | undefined>>();
      },
    });
  });

  it("give the fields of plugins to the handlers of their scope", () => {
    interface User {
      name: string;
    }
    const auth = hook<{ user: User }>("request", (req) => {
      req.user = { name: "ada" };
    });
    const database = plugin<{ db: { count: number } }>({ name: "database", setup() {} });
    const plain = hook("request", () => {});
    new App()
      .register(auth)
      .register(plain)
      .register(database)
      .get("/", (req) => {
        is<Equal<typeof req.user, User>>();
        is<Equal<typeof req.db.count, number>>();
        // @ts-expect-error no plugin adds it
        req.other;
      })
      .use("/x", (req) => req.user.name.length)
      .post("/", (req) => req.user.name.length)
      .ready();
    new App().register(plain).get("/", (req) => {
      // @ts-expect-error this scope has no such field
      req.user;
    });
    const meta = { prefix: "/x", plugins: [auth, plain, database] };
    const routes: Routes<typeof meta> = {
      "GET /": (req) => {
        is<Equal<typeof req.user, User>>();
        return req.db.count;
      },
      // @ts-expect-error a route has a method and a path
      list: () => 1,
    };
    const scope = (router: Scope<typeof meta>): void => void router.get("/", (req) => req.user.name);
    createModuleLike({ meta, routes, default: scope });
    // @ts-expect-error no such hook
    const wrong = (): unknown => hook("requests", () => {});
    assert.equal(typeof wrong, "function");
  });
});

function createModuleLike(module: {
  meta: ModuleMeta;
  routes: object;
  default: (router: never) => unknown;
}): void {
  assert.equal(typeof module, "object");
}
