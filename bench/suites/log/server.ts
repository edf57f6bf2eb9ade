import { App, FileTransport, Logger } from "@miqro/core";
import Fastify from "fastify";
import pino from "pino";

const [name, path] = process.argv.slice(2) as ["miqro" | "fastify", string | undefined];

// What is asked of both: a line per request at `info`, with its method, path, status and time.
async function start(): Promise<number> {
  if (name === "fastify") {
    // Its own logger writes two lines a request; one is made by a hook, as its guide shows, with the destination that
    // pino recommends for speed.
    const app =
      path === undefined
        ? Fastify()
        : Fastify({
            loggerInstance: pino(pino.destination({ dest: path, sync: false, minLength: 4096 })),
            disableRequestLogging: true,
          });
    if (path !== undefined) {
      app.addHook("onResponse", (request, reply, done) => {
        request.log.info({
          method: request.method,
          url: request.url,
          status: reply.statusCode,
          took: reply.elapsedTime,
        });
        done();
      });
    }
    app.get("/", () => "Hello, World!");
    await app.listen({ port: 0, host: "127.0.0.1" });
    return app.addresses()[0]?.port ?? 0;
  }
  const transports = path === undefined ? [] : [new FileTransport(path)];
  const loggers = new Map<string, Logger>();
  const loggerFactory = (identifier: string): Logger => {
    const logger = loggers.get(identifier) ?? new Logger(identifier, "info", { transports });
    loggers.set(identifier, logger);
    return logger;
  };
  const app = new App({ loggerFactory, logRequests: path !== undefined });
  app.get("/", () => "Hello, World!");
  const address = await app.listen({ port: 0, host: "127.0.0.1" });
  return typeof address === "string" ? 0 : address.port;
}

const port = await start();
process.on("message", () => process.send?.(process.cpuUsage()));
process.on("disconnect", () => process.exit());
process.send?.({ port });
