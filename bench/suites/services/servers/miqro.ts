import { App, CORS, FileTransport, Logger, SecurityHeaders, SessionHandler } from "@miqro/core";
import { verify } from "@miqro/core/jwt";
import { data, origin, type Start, secret } from "../cases.ts";

const start: Start = async () => {
  const transports = [new FileTransport(process.env.BENCH_LOG as string)];
  const loggers = new Map<string, Logger>();
  const loggerFactory = (identifier: string): Logger => {
    const logger = loggers.get(identifier) ?? new Logger(identifier, "info", { transports });
    loggers.set(identifier, logger);
    return logger;
  };
  const app = new App({ loggerFactory, logRequests: true });
  app.use([
    SecurityHeaders(),
    CORS({ origins: origin, credentials: true }),
    SessionHandler({
      verify: async ({ token }) => {
        const { name, groups } = await verify(token, secret);
        return { account: "", username: String(name), groups: groups as string[] };
      },
    }),
  ]);
  app.get("/", () => data);
  const address = await app.listen({ port: 0, host: "127.0.0.1" });
  return typeof address === "string" ? 0 : address.port;
};

export default start;
