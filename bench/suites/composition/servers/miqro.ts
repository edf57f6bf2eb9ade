import { fileURLToPath } from "node:url";
import { Miqro } from "miqro";
import type { Start } from "../cases.ts";

const folder = (name: string): string => fileURLToPath(new URL(`../services/${name}`, import.meta.url));

const start: Start = async () => {
  const app = new Miqro({
    services: ["first", "second", "third"].map(folder),
    port: 0,
    host: "127.0.0.1",
    noCompression: process.env.NO_COMPRESSION !== undefined,
  });
  const address = await app.start();
  return typeof address === "string" ? 0 : address.port;
};

export default start;
