import { App, CORS, SecurityHeaders, SessionHandler } from "@miqro/core";
import { verify } from "@miqro/core/jwt";
import { data, origin, type Start, secret } from "../cases.ts";

const start: Start = async () => {
  const app = new App();
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
