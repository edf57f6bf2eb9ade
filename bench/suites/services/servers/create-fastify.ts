import cors from "@fastify/cors";
import helmet from "@fastify/helmet";
import jwt from "@fastify/jwt";
import Fastify from "fastify";
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
  const app = Fastify();
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
