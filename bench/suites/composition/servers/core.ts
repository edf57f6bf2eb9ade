import { App, CORS, Compression, Router, SessionHandler } from "@miqro/core";
import type { Start } from "../cases.ts";
import { after, auth, before, cors, first, log, policy, second, third } from "../parts.js";

const start: Start = async () => {
  const app = new App({ logTransports: [log] });
  if (process.env.NO_COMPRESSION === undefined) app.use(Compression());
  const services = [
    new Router().use(CORS(cors)).use(SessionHandler(auth)).use(before).after(after).get("/first", first),
    new Router().use(CORS(cors)).use(before).get("/second", second),
    new Router().use(CORS(cors)).use(before).route({ path: "/items/:id", policy, handler: third }),
  ];
  for (const service of services) app.use(service);
  const address = await app.listen({ port: 0, host: "127.0.0.1" });
  return typeof address === "string" ? 0 : address.port;
};

export default start;
