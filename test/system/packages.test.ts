import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, describe, it } from "node:test";
import { promisify } from "node:util";
import { createEmptyFolder, type PackedPackages, packPackages } from "miqro-tests/packed-app";

const run = promisify(execFile);

const publintModule = new URL("../parts/node_modules/publint/src/index-node.js", import.meta.url).href;
const withoutPublint =
  !existsSync(new URL(publintModule)) && "publint is not among the parts that only tests need";

/** What each package brings into an empty folder, and the shortest program that shows that it works. */
const packages: Readonly<
  Record<string, { readonly with?: string[]; readonly installs: string[]; readonly program: string }>
> = {
  parser: {
    installs: ["@miqro/parser"],
    program: `
      import { parse } from "@miqro/parser";
      const { n } = parse({ n: 1 }, { n: "number" });
      if (n !== 1) throw new Error();`,
  },
  query: {
    installs: ["@miqro/query"],
    program: `
      import { Database } from "@miqro/query";
      const db = new Database({ dialect: "node:sqlite", storage: ":memory:" });
      await db.connect();
      await db.createTable("t", { id: { type: "integer", primaryKey: true } }).yield();
      await db.insert("t").values({ id: 7 }).yield();
      const [row] = await db.select().from("t").yield();
      await db.disconnect();
      if (row.id !== 7) throw new Error();`,
  },
  jsx: {
    installs: ["@miqro/jsx"],
    program: `
      import JSX, { isVNode } from "@miqro/jsx";
      if (!isVNode(JSX.createElement("p", null, "x"))) throw new Error();`,
  },
  "jsx-dom": {
    with: ["jsx"],
    installs: ["@miqro/jsx", "@miqro/jsx-dom"],
    program: `
      import { define } from "@miqro/jsx-dom";
      define("x-y", () => null, {});`,
  },
  "jsx-node": {
    with: ["jsx"],
    installs: ["@miqro/jsx", "@miqro/jsx-node"],
    program: `
      import JSX from "@miqro/jsx";
      import { renderToString } from "@miqro/jsx-node";
      if (renderToString(JSX.createElement("p", null, "<")) !== "<p>&lt;</p>") throw new Error();`,
  },
  core: {
    with: ["parser"],
    installs: ["@fastify/busboy", "@miqro/core", "@miqro/parser", "cookie", "jose", "mrmime", "ws"],
    program: `
      import { App } from "@miqro/core";
      const app = new App();
      app.get("/", () => "hello");
      const { port } = await app.listen({ port: 0, host: "127.0.0.1" });
      const answer = await (await fetch("http://127.0.0.1:" + port)).text();
      await app.close({ drainIdle: 0 });
      if (answer !== "hello") throw new Error(answer);`,
  },
  runner: {
    installs: ["@miqro/runner"],
    program: `
      import { workerNumber } from "@miqro/runner/worker";
      if (workerNumber() !== 0) throw new Error();`,
  },
};

describe("packages", () => {
  let packed: PackedPackages;
  before(async () => {
    packed = await packPackages();
  });
  after(() => packed.remove());

  for (const [name, { with: others = [], installs, program }] of Object.entries(packages)) {
    it(`@miqro/${name} installs alone and works`, async () => {
      const folder = await createEmptyFolder({ private: true, type: "module" });
      try {
        await folder.install(...[name, ...others].map((one) => packed.tarballs.get(one) ?? one));
        assert.deepEqual(await installedPackages(folder.path), installs);
        await folder.write({ "program.js": program });
        await run(process.execPath, ["program.js"], { cwd: folder.path });
      } finally {
        await folder.remove();
      }
    });
  }

  it("are found by every tool that reads package.json", { skip: withoutPublint }, async () => {
    const { publint } = (await import(publintModule)) as {
      publint(options: object): Promise<{ readonly messages: readonly unknown[] }>;
    };
    for (const [name, path] of packed.tarballs) {
      const tarball = await readFile(path);
      const { messages } = await publint({
        strict: true,
        pack: { tarball: tarball.buffer.slice(tarball.byteOffset, tarball.byteOffset + tarball.length) },
      });
      assert.deepEqual(messages, [], name);
    }
  });

  it("hold every declaration that an entry leads to", async () => {
    for (const [name, tarball] of packed.tarballs) {
      const folder = await mkdtemp(join(tmpdir(), "miqro-unpacked-"));
      try {
        await run("tar", ["-xzf", tarball, "-C", folder]);
        const manifest = await readFile(join(folder, "package/package.json"), "utf8");
        const entries = [...manifest.matchAll(/"types": "\.\/(dist\/[^"]+\.d\.ts)"/g)].map(
          ([, path]) => `package/${path}`,
        );
        const reached = new Set(entries);
        assert.ok(reached.size > 0, name);
        for (const file of reached) {
          assert.ok(existsSync(join(folder, file)), `${name} lacks ${file}`);
          const text = await readFile(join(folder, file), "utf8");
          for (const [, path = ""] of text.matchAll(/(?:from|import|import\()\s*"(\.[^"]+)\.js"/g)) {
            reached.add(`${join(dirname(file), path)}.d.ts`);
          }
        }
      } finally {
        await rm(folder, { recursive: true });
      }
    }
  });

  it("hold what they export, and no tests", async () => {
    for (const [name, tarball] of packed.tarballs) {
      const { stdout } = await run("tar", ["-tzf", tarball]);
      const files = stdout.trim().split("\n");
      assert.ok(files.includes("package/README.md"), `${name} has a README`);
      assert.ok(files.includes("package/dist/index.d.ts"), `${name} has types`);
      assert.deepEqual(
        files.filter((file) => /dist-test|\/test\/|tsbuildinfo/.test(file)),
        [],
        name,
      );
    }
  });
});

async function installedPackages(folder: string): Promise<string[]> {
  const modules = join(folder, "node_modules");
  const found: string[] = [];
  for (const name of await readdir(modules)) {
    if (name.startsWith(".")) continue;
    if (!name.startsWith("@")) found.push(name);
    else for (const scoped of await readdir(join(modules, name))) found.push(`${name}/${scoped}`);
  }
  return found.sort();
}
