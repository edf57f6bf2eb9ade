import type { AddressInfo } from "node:net";
import { bodyParser } from "@koa/bodyparser";
import Router from "@koa/router";
import Koa from "koa";
import { data, routeCount, type Start, text } from "../cases.ts";
import { userSchema } from "../user-schema.ts";

const start: Start = (name) =>
  new Promise((resolve) => {
    const router = new Router();
    const set = (path: string, value: unknown) =>
      router.get(path, (ctx) => {
        ctx.body = value;
      });
    if (name === "text") set("/", text);
    if (name === "json") set("/", data);
    for (let index = 0; index < routeCount; index++) {
      router.get(`/group${index}/items/:id`, (ctx) => {
        ctx.body = { id: ctx.params.id };
      });
    }
    router.post("/users", bodyParser(), (ctx) => {
      const result = userSchema.safeParse(ctx.request.body);
      if (!result.success) ctx.throw(400);
      ctx.body = { id: 1, name: result.data.name };
    });
    const app = new Koa();
    app.use(router.routes());
    const server = app.listen(0, "127.0.0.1", () => resolve((server.address() as AddressInfo).port));
  });

export default start;
