import { execFileSync } from "node:child_process";
import { cpSync, existsSync } from "node:fs";
import { createServer } from "node:http";
import { fileURLToPath } from "node:url";
import next from "next";

const dir = fileURLToPath(new URL("next-app/", import.meta.url));
const program = fileURLToPath(new URL("node_modules/next/dist/bin/next", import.meta.url));

/** The app in production mode, built once. */
export default async function start(): Promise<number> {
  build();
  const app = (next as unknown as typeof next.default)({ dev: false, dir, quiet: true });
  await app.prepare();
  const handle = app.getRequestHandler();
  const server = createServer((req, res) => void handle(req, res));
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => resolve((server.address() as { port: number }).port));
  });
}

function build(): void {
  if (existsSync(`${dir}.next/BUILD_ID`)) return;
  for (const file of ["cases.ts", "page.ts"]) {
    cpSync(new URL(`../suites/app/${file}`, import.meta.url), `${dir}shared/${file}`);
  }
  execFileSync(process.execPath, [program, "build"], {
    cwd: dir,
    env: { ...process.env, NODE_ENV: "production", NEXT_TELEMETRY_DISABLED: "1" },
    stdio: ["ignore", "ignore", "inherit"],
  });
}
