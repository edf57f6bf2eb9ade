import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { basename } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** A registry that has the packages of the workspace, and asks the usual one for others. */
export interface Registry {
  readonly url: string;
  close(): Promise<void>;
}

interface Manifest {
  readonly name: string;
  readonly version: string;
}

/** Starts a registry, so that the commands of a README can be run as they are before anything is published. */
export async function startRegistry(tarballs: Iterable<string>): Promise<Registry> {
  const { stdout } = await run("npm", ["config", "get", "registry"]);
  const upstream = stdout.trim().replace(/\/$/, "");
  const own = new Map<string, { readonly manifest: Manifest; readonly tarball: string }>();
  for (const tarball of tarballs) {
    const { stdout: json } = await run("tar", ["-xzOf", tarball, "package/package.json"]);
    const manifest = JSON.parse(json) as Manifest;
    own.set(manifest.name, { manifest, tarball });
  }
  const files = new Map([...own.values()].map(({ tarball }) => [`/-/${basename(tarball)}`, tarball]));
  let url = "";

  const describePackage = async ({ manifest, tarball }: { manifest: Manifest; tarball: string }) => {
    const bytes = await readFile(tarball);
    const { name, version } = manifest;
    const integrity = `sha512-${createHash("sha512").update(bytes).digest("base64")}`;
    const dist = { tarball: `${url}-/${basename(tarball)}`, integrity };
    return JSON.stringify({
      name,
      "dist-tags": { latest: version },
      time: { [version]: "2026-01-01T00:00:00.000Z" },
      versions: { [version]: { ...manifest, dist } },
    });
  };
  const pass = async (path: string, accept: string, res: ServerResponse) => {
    const answer = await fetch(upstream + path, { headers: { accept } });
    res.writeHead(answer.status, { "content-type": answer.headers.get("content-type") ?? "" });
    res.end(Buffer.from(await answer.arrayBuffer()));
  };
  const answer = async (path: string, accept: string, res: ServerResponse) => {
    const file = files.get(path);
    const found = own.get(decodeURIComponent(path.slice(1)));
    if (file !== undefined) res.end(await readFile(file));
    else if (found !== undefined) res.end(await describePackage(found));
    else await pass(path, accept, res);
  };
  const server = createServer((req, res) => {
    answer(req.url ?? "", req.headers.accept ?? "*/*", res).catch((error) => res.destroy(error));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  return {
    url,
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, "close").catch(() => undefined);
    },
  };
}
