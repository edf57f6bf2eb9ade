import { Miqro } from "miqro";

export default async function start(): Promise<number> {
  const app = new Miqro({ services: [process.env.APP_SERVICE as string], port: 0, host: "127.0.0.1" });
  const address = await app.start();
  return typeof address === "string" ? 0 : address.port;
}
