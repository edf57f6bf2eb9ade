import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { type PackedPackages, packPackages } from "miqro-tests/packed-app";
import { startProcess } from "miqro-tests/process";
import { type Registry, startRegistry } from "miqro-tests/registry";
import { scale } from "miqro-tests/scale";

const run = promisify(execFile);
const root = fileURLToPath(new URL("../..", import.meta.url));

interface Walk {
  readonly readme: string;
  /** The command that a reader installs with. */
  readonly install: RegExp;
  /** The path that is requested in the end. */
  readonly path: string;
  readonly answer: string;
}

const page = {
  readme: "README.md",
  path: "/index.html",
  answer: "<!DOCTYPE html><html><body><h1>Hello World!</h1></body></html>",
};
const route = { readme: "packages/miqro/README.md", path: "/hello", answer: '{"hello":"world"}' };

const walks: readonly (readonly [manager: string, walk: Walk])[] = [
  ["npm", { ...page, install: /^npm init -y && npm install miqro .*$/m }],
  ["pnpm", { ...route, install: /(?<=`)pnpm add miqro [^`]*/ }],
  ["npm", { ...route, install: /^npm init -y && npm install miqro .*$/m }],
  ["pnpm", { ...page, install: /(?<=`)pnpm add miqro [^`]*/ }],
  ["yarn", { ...page, install: /(?<=`)yarn add miqro [^`]*/ }],
  ["yarn", { ...route, install: /(?<=`)yarn add miqro [^`]*/ }],
];

// What a reader types and pastes, up to the first page.
describe("followed word for word in an empty folder", () => {
  let packed: PackedPackages;
  let registry: Registry;
  before(async () => {
    packed = await packPackages();
    registry = await startRegistry(packed.tarballs.values());
  });
  after(async () => {
    await registry.close();
    await packed.remove();
  });

  for (const [manager, { readme, install, path, answer }] of walks.slice(0, scale({ sample: 2, full: 6 }))) {
    it(`${readme} leads to the first page, with ${manager}`, async () => {
      const text = await readFile(join(root, readme), "utf8");
      const folder = await mkdtemp(join(tmpdir(), "miqro-reader-"));
      const env = {
        ...process.env,
        PATH: [join(root, "test/parts/node_modules/.bin"), dirname(process.execPath), process.env.PATH].join(
          delimiter,
        ),
        npm_config_registry: registry.url,
        YARN_REGISTRY: registry.url,
        YARN_CACHE_FOLDER: join(folder, ".cache"),
        // Nothing of what an earlier run fetched: versions of the workspace keep their number.
        npm_config_cache: join(folder, ".cache"),
        npm_config_store_dir: join(folder, ".store"),
      };
      const shell = (command: string) => run(command, { cwd: folder, env, shell: true });
      const started = performance.now();
      try {
        await shell(find(text, install));
        await shell(find(text, /^npx miqro --install-tsconfig$/m));
        const [, file = "", code = ""] = /^`([\w./]+\.tsx?)`\n\n```tsx?\n([\s\S]*?)^```/m.exec(text) ?? [];
        await mkdir(dirname(join(folder, file)), { recursive: true });
        await writeFile(join(folder, file), code);
        await shell("npx tsc");
        const [, args = ""] = /npx miqro (--no-build --service \S+)/.exec(text) ?? [];
        const program = join(folder, "node_modules/miqro/bin/miqro.js");
        const server = startProcess(
          process.execPath,
          [program, ...args.split(" "), "--port", "0", "--host", "127.0.0.1"],
          { cwd: folder, env },
        );
        const [, url = ""] = await server.waitFor(/on (http:\/\/\S+) \(/);
        assert.equal(await (await fetch(url + path)).text(), answer);
        console.log(
          `${readme}, ${manager}: ${((performance.now() - started) / 1000).toFixed(1)} s to the first page`,
        );
        assert.equal(await server.stop(), 0, server.output());
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    });
  }
});

function find(text: string, pattern: RegExp): string {
  const [found] = pattern.exec(text) ?? [];
  assert.ok(found !== undefined, `the README has ${pattern}`);
  return found;
}
