import { spawnSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findPort } from "./free-port.js";
import { eventually, startProcess } from "./process.js";

/** A file server that knows nothing of what made the files. */
export interface StaticServer {
  /** Without a slash at its end. */
  readonly origin: string;
  stop(): Promise<void>;
}

/** A program that serves a folder. */
export interface StaticServerKind {
  readonly name: string;
  /** Why it cannot run here; false where it can. */
  missing(): string | false;
  start(folder: string): Promise<StaticServer>;
}

// Debian has it where only root looks.
const nginx = spawnSync("nginx", ["-v"]).status === 0 ? "nginx" : "/usr/sbin/nginx";

/** The file servers that Debian has. */
export const staticServers: readonly StaticServerKind[] = [
  {
    name: "python3 -m http.server",
    missing: () => missing("python3", ["--version"], "python3"),
    async start(folder) {
      const args = ["-u", "-m", "http.server", "0", "--bind", "127.0.0.1", "--directory", folder];
      const server = startProcess("python3", args);
      const [, port] = await server.waitFor(/port (\d+)/);
      return { origin: `http://127.0.0.1:${port}`, stop: async () => void (await server.stop()) };
    },
  },
  {
    name: "nginx",
    missing: () => missing(nginx, ["-v"], "nginx-light"),
    async start(folder) {
      const own = await mkdtemp(join(tmpdir(), "miqro-nginx-"));
      const port = await findPort();
      const paths = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(
        (one) => `${one}_temp_path ${own}/${one};`,
      );
      await writeFile(
        join(own, "nginx.conf"),
        // The workers of root are to read the folders of this test, which others may not.
        `${process.getuid?.() === 0 ? "user root; " : ""}daemon off; pid ${own}/pid; error_log stderr warn; worker_processes 1; events {}
         http { include /etc/nginx/mime.types; access_log off; ${paths.join(" ")}
           server { listen 127.0.0.1:${port}; root ${folder}; error_page 404 /404.html; } }`,
      );
      const server = startProcess(nginx, ["-c", join(own, "nginx.conf"), "-p", own, "-e", "stderr"]);
      const origin = `http://127.0.0.1:${port}`;
      await eventually(async () => void (await fetch(origin)));
      return {
        origin,
        async stop() {
          await server.stop();
          await rm(own, { recursive: true, force: true });
        },
      };
    },
  },
];

function missing(program: string, args: readonly string[], packageName: string): string | false {
  if (spawnSync(program, args).status === 0) return false;
  return `${program} is not installed; on Debian: apt-get install ${packageName} (see scripts/debian-parts.ts)`;
}
