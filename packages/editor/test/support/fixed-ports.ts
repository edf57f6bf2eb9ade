import { createServer } from "node:net";

/**
 * The first of two free ports in a row, for a server that has to come back to its port. They lie below the ports that
 * systems give to clients and to servers without a port of their own, so nothing else takes them in between.
 */
export async function fixedPorts(): Promise<number> {
  for (let port = 10_000 + 2 * (process.pid % 5000); port < 30_000; port += 2) {
    if ((await isFree(port)) && (await isFree(port + 1))) return port;
  }
  throw new Error("No two ports in a row are free.");
}

function isFree(port: number): Promise<boolean> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
}
