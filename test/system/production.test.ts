import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, before, describe, it } from "node:test";
import { promisify } from "node:util";
import {
  createEmptyFolder,
  type EmptyFolder,
  type PackedPackages,
  packPackages,
} from "miqro-tests/packed-app";
import { type RunningProcess, startProcess } from "miqro-tests/process";

const run = promisify(execFile);
// Any user that owns nothing: that of `nobody` where this is root, else oneself without a right to write.
const isRoot = process.getuid?.() === 0;
const nobody = { uid: 65_534, gid: 65_534 };

describe("a production image: compiled output, npm ci --omit=dev, a disk that cannot be written, any user", {
  timeout: 120_000,
}, () => {
  let packed: PackedPackages;
  let source: EmptyFolder;
  let image: string;
  let server: RunningProcess | undefined;

  before(async () => {
    packed = await packPackages();
    source = await createEmptyFolder({ name: "shop", version: "1.0.0", private: true, type: "module" });
    await source.install(...packed.tarballs.values());
    await run("npm", ["install", "--prefer-offline", "--no-audit", "--no-fund", "-D", "typescript@7"], {
      cwd: source.path,
    });
    await source.write({
      "tsconfig.json": JSON.stringify({
        compilerOptions: {
          ...{ target: "es2022", module: "nodenext", types: ["miqro"], skipLibCheck: true },
          ...{ rootDir: ".", outDir: "dist", sourceMap: true },
          ...{ jsx: "react", jsxFactory: "JSX.createElement", jsxFragmentFactory: "JSX.Fragment" },
        },
      }),
      "miqro.json": '{ "services": ["dist/app/"], "noBuild": true, "logFile": false }',
      "app/http/index.html.tsx": `import JSX from "@miqro/jsx";
export default () => <html><body><h1>Shop</h1><script src="/js/app.js" /></body></html>;
`,
      "app/http/js/app.min.ts": "console.log('here');\n",
      "app/http/who.api.ts": `import { accessSync, constants } from "node:fs";
import type { Request } from "miqro";
const canWrite = (path: string) => {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
};
export default ({ server }: Request) => ({
  uid: process.getuid?.(),
  writes: [".", "node_modules", "dist", "miqro.json"].filter(canWrite),
  worker: server.getWorkerNumber(),
});
`,
      "app/static/style.css": "h1 { color: red }\n",
    });
    await run(process.execPath, [join(source.path, "node_modules/typescript/bin/tsc")], { cwd: source.path });

    // As the second stage of the Dockerfile in docs/production.md does it.
    image = await mkdtemp(join(tmpdir(), "miqro-image-"));
    for (const name of ["package.json", "package-lock.json", "miqro.json", "dist"]) {
      await cp(join(source.path, name), join(image, name), { recursive: true });
    }
    await cp(join(source.path, "app/static"), join(image, "dist/app/static"), { recursive: true });
    await run("npm", ["ci", "--omit=dev", "--prefer-offline", "--no-audit", "--no-fund"], { cwd: image });
    await run("chmod", ["-R", "a-w,a+rX", image]);
  });
  after(async () => {
    await run("chmod", ["-R", "u+w", image]);
    await rm(image, { recursive: true, force: true });
    await source.remove();
    await packed.remove();
  });
  afterEach(async () => {
    await server?.stop();
    server = undefined;
  });

  const start = (program: string, env: NodeJS.ProcessEnv = {}): RunningProcess => {
    server = startProcess(process.execPath, [join(image, "node_modules/miqro/bin", program)], {
      cwd: image,
      // Nothing of this user: no home, no cache.
      env: { PATH: "/usr/bin:/bin", NODE_ENV: "production", PORT: "0", ...env },
      ...(isRoot ? nobody : {}),
    });
    return server;
  };

  for (const [program, env] of [
    ["miqro.js", {}],
    ["miqro-cluster.js", { CLUSTER_COUNT: "2" }],
  ] as const) {
    it(`serves with ${program}`, async () => {
      const [, url] = await start(program, env).waitFor(/on (http:\/\/\S+) \(/);
      const who = (await (await fetch(`${url}/who`)).json()) as { uid: number; writes: string[] };
      assert.equal(who.uid, isRoot ? nobody.uid : process.getuid?.());
      assert.deepEqual(who.writes, []);
      assert.match(await (await fetch(`${url}/index.html`)).text(), /<h1>Shop<\/h1>/);
      assert.equal((await fetch(`${url}/style.css`)).status, 200);
      const stub = await (await fetch(`${url}/js/app.js`)).text();
      const [, address = ""] = /import\("([^"]+)"\)/.exec(stub) ?? [];
      assert.match(await (await fetch(new URL(address, `${url}/js/`))).text(), /console\.log\(['"]here/);
      assert.equal(await server?.stop(), 0, server?.output());
      assert.doesNotMatch(server?.output() ?? "", /EROFS|EACCES|cannot be written/);
    });
  }

  it("says in one line that it writes no log file, where it was not told to write none", async () => {
    const [, url] = await start("miqro.js", { LOG_FILE: "" }).waitFor(/on (http:\/\/\S+) \(/);
    assert.equal((await fetch(`${url}/who`)).status, 200);
    await server?.stop();
    server = startProcess(
      process.execPath,
      [
        join(image, "node_modules/miqro/bin/miqro.js"),
        "--no-build",
        "--disable-miqrojson",
        "--service",
        "dist/app",
      ],
      { cwd: image, env: { PATH: "/usr/bin:/bin", PORT: "0" }, ...(isRoot ? nobody : {}) },
    );
    await server.waitFor(/^server\.log is not written, because \S+ cannot be written\./m);
    await server.waitFor(/on http:/);
  });

  it("does not serve sources, source maps and configs", async () => {
    const [, url] = await start("miqro.js").waitFor(/on (http:\/\/\S+) \(/);
    for (const path of [
      "/who.api.js",
      "/who.api.ts",
      "/who.api.js.map",
      "/index.html.js",
      "/../miqro.json",
      "/package.json",
    ]) {
      assert.equal((await fetch(url + path)).status, 404, path);
    }
  });
});
