import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { chown, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { delimiter, join } from "node:path";
import { createInterface } from "node:readline";
import type { TestContext } from "node:test";
import { missing } from "./dialects.js";
import { createFolder } from "./sqlite.js";

const folders = [...(process.env.PATH ?? "").split(delimiter), "/usr/sbin", "/usr/local/sbin"];
const program = [process.env.PGBOUNCER_PATH, ...folders.map((folder) => join(folder, "pgbouncer"))].find(
  (path) => path !== undefined && existsSync(path),
);

/** Why there is no PgBouncer here, or false. */
export const withoutPgBouncer: string | false =
  missing.pg ||
  (program === undefined &&
    "pgbouncer is not installed: apt-get install pgbouncer, or name it in PGBOUNCER_PATH");

/** The user and the group that own nothing: PgBouncer does not run as root. */
const nobody = 65_534;

/** A PgBouncer in transaction mode before the server; gives the address of the server behind it. */
export async function startPgBouncer(context: TestContext, connections: number): Promise<string> {
  const folder = await createFolder(context);
  const server = new URL(process.env.DATABASE_URL as string);
  const port = await findPort();
  const config = join(folder, "pgbouncer.ini");
  await writeFile(
    config,
    `[databases]
* = host=${server.hostname} port=${server.port} user=${server.username} password=${server.password}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = ${connections}
server_round_robin = 1
`,
  );
  const isRoot = process.getuid?.() === 0;
  if (isRoot) for (const path of [folder, config]) await chown(path, nobody, nobody);
  const child = spawn(program as string, [config], {
    stdio: ["ignore", "ignore", "pipe"],
    ...(isRoot ? { uid: nobody, gid: nobody } : {}),
  });
  context.after(() => {
    child.kill("SIGINT");
  });
  const said: string[] = [];
  for await (const line of createInterface({ input: child.stderr })) {
    said.push(line);
    if (line.includes("process up")) {
      child.stderr.resume();
      server.port = String(port);
      server.hostname = "127.0.0.1";
      return server.href;
    }
  }
  throw new Error(`pgbouncer did not start: ${said.join("\n")}`);
}

function findPort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const { port } = probe.address() as { port: number };
      probe.close(() => resolve(port));
    });
  });
}
