import cors from "@fastify/cors";
import helmet from "@fastify/helmet";
import jwt from "@fastify/jwt";
import Fastify from "fastify";
import pino from "pino";
import { data, origin, secret } from "../cases.ts";

const schema = {
  response: {
    200: {
      type: "object",
      properties: {
        message: { type: "string" },
        list: { type: "array", items: { type: "integer" } },
        nested: { type: "object", properties: { yes: { type: "boolean" } } },
      },
    },
  },
};

/** @param cache Whether tokens that were verified are remembered, as miqro does. */
export async function startFastify(cache: boolean): Promise<number> {
  const app = Fastify({
    loggerInstance: pino(
      pino.destination({ dest: process.env.BENCH_LOG as string, sync: false, minLength: 4096 }),
    ),
    disableRequestLogging: true,
  });
  // Its own logger writes two lines a request; one is made by a hook, as its guide shows.
  app.addHook("onResponse", (request, reply, done) => {
    const { method, url } = request;
    request.log.info({ method, url, status: reply.statusCode, took: reply.elapsedTime });
    done();
  });
  await app.register(helmet);
  await app.register(cors, { origin: [origin], credentials: true });
  await app.register(jwt, { secret, verify: { cache, algorithms: ["HS256"] } });
  app.addHook("onRequest", async (req) => {
    await req.jwtVerify();
  });
  app.get("/", { schema }, () => data);
  await app.listen({ port: 0, host: "127.0.0.1" });
  return app.addresses()[0]?.port ?? 0;
}
