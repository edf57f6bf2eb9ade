import assert from "node:assert/strict";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterEach, describe, it } from "node:test";
import { Miqro } from "miqro";
import { createProject, type Project } from "./support/project.js";

let project: Project | undefined;
let miqro: Miqro | undefined;
afterEach(async () => {
  await miqro?.stop({ drainIdle: 0 });
  await project?.remove();
  miqro = undefined;
  project = undefined;
});

async function start(files: Readonly<Record<string, string>>): Promise<string> {
  project = await createProject(files);
  miqro = new Miqro({ services: [join(project.path, "app")], port: 0, host: "127.0.0.1" });
  return `http://127.0.0.1:${((await miqro.start()) as AddressInfo).port}`;
}

/** Sources that tsc has compiled to `dist/`: what is not TypeScript, it has not copied. */
const compiled = (client: string): Readonly<Record<string, string>> => ({
  "tsconfig.json": JSON.stringify({ compilerOptions: { rootDir: ".", outDir: "dist" } }),
  "app/http/js/app.min.ts": "",
  "app/http/js/work.ts": "",
  "app/http/js/logo.svg": "<svg/>",
  "app/http/js/copied.json": "[1]",
  "app/http/js/left.json": "[2]",
  "app/http/api/data.api.ts": "",
  "app/db.ts": "",
  "app/static/public.txt": "public",
  "dist/app/http/js/app.min.js": client,
  "dist/app/http/js/work.js": "onmessage = () => postMessage(1); export {};",
  "dist/app/http/js/copied.json": "[1]",
  "dist/app/http/js/gone.json": "[3]",
  "dist/app/http/js/built.wasm": "wasm",
  "dist/app/http/api/data.api.js": "export default () => 1;",
  "dist/app/db.js":
    "export default { dialect: 'node:sqlite', name: 'x', storage: ':memory:', disabled: true };",
});

describe("client code of a service", () => {
  it("finds workers, files and JSON, those among the sources too", async () => {
    const url = await start(
      compiled(`
        import copied from "./copied.json" with { type: "json" };
        import left from "./left.json" with { type: "json" };
        export const urls = [
          new URL("./work.ts", import.meta.url),
          new URL("./logo.svg", import.meta.url),
          new URL("./built.wasm", import.meta.url),
          new URL("../../static/public.txt", import.meta.url),
        ];`),
    );
    const stub = await (await fetch(`${url}/js/app.js`)).text();
    const module = new URL(/import\("([^"]+)"\)/.exec(stub)?.[1] ?? "", `${url}/js/app.js`);
    const text = await (await fetch(module)).text();
    const found = Array.from(text.matchAll(/"(\.\.\/[^"]+)"/g), ([, path = ""]) => new URL(path, module));
    const answers = await Promise.all(found.map((one) => fetch(one)));
    assert.deepEqual(
      answers.map(({ status, headers }) => `${status} ${headers.get("content-type")?.split(";")[0]}`),
      [
        "200 text/javascript",
        "200 text/javascript",
        "200 text/javascript",
        "200 image/svg+xml",
        "200 application/wasm",
        "200 text/plain",
      ],
    );
    for (const { headers } of answers) assert.match(headers.get("cache-control") ?? "", /immutable/);
  });

  const refused: readonly (readonly [string, RegExp])[] = [
    ['new URL("../../db.js", import.meta.url)', /app\/db\.ts, a config file/],
    ['new URL("../../db.ts", import.meta.url)', /app\/db\.ts, a config file/],
    ['new URL("../api/data.api.js", import.meta.url)', /data\.api\.ts, which runs on the server/],
    ['import("../../db.js")', /app\/db\.ts, a config file/],
    ['new URL("./gone.json", import.meta.url)', /the output of tsc for a source that was deleted/],
    ['new URL("../../../../tsconfig.json", import.meta.url)', /it is a config file/],
    ['new URL("../../../../package.json", import.meta.url)', /it is a config file/],
  ];
  for (const [code, message] of refused) {
    it(`is refused with ${code}`, async () => {
      await assert.rejects(start(compiled(`export const x = () => ${code};`)), message);
    });
  }
});
