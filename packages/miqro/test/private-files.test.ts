import assert from "node:assert/strict";
import { symlink } from "node:fs/promises";
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
});

const secret = "export const SECRET = 's3cr3t'; export default { name: 'd', storage: ':memory:' };";
const entry = (path: string) => `import { SECRET } from ${JSON.stringify(path)}; console.log(SECRET);`;

async function start(files: Readonly<Record<string, string>>, service = "app"): Promise<string> {
  project = await createProject(files);
  miqro = new Miqro({ services: join(project.path, service), port: 0, host: "127.0.0.1" });
  return `http://127.0.0.1:${((await miqro.start()) as AddressInfo).port}`;
}

describe("client code", () => {
  it("cannot reach a config file", async () => {
    const files = { "app/db.js": secret, "app/http/js/x.min.js": entry("../../db.js") };
    await assert.rejects(start(files), /db\.js must not be sent to browsers: it is .*db\.js, a config file/);
  });

  it("cannot reach one through a project that lives behind a link", async () => {
    project = await createProject({ "r1/package.json": '{ "type": "module" }', "r1/app/db.js": secret });
    await project.write({ "r1/app/http/js/x.min.js": entry("../../db.js") });
    await symlink("r1", join(project.path, "current"));
    const linked = new Miqro({ services: join(project.path, "current/app"), port: 0 });
    await assert.rejects(linked.start(), /db\.js must not be sent to browsers/);
  });

  it("cannot reach those of a service that does not run", async () => {
    const files = {
      "admin/db.js": secret,
      "admin/http/y.api.js": "export const SECRET = 1; export default () => 1;",
      "app/http/js/x.min.js": entry("../../../admin/db.js"),
    };
    await assert.rejects(
      start(files),
      /db\.js must not be sent to browsers: it is the config file of a service/,
    );
    await assert.rejects(
      start({ ...files, "app/http/js/x.min.js": entry("../../../admin/http/y.api.js") }),
      /y\.api\.js must not be sent to browsers: its name is that of a file that runs on the server/,
    );
  });

  it("cannot reach what was compiled from a JavaScript config file, or from a source that is gone", async () => {
    const files = {
      "tsconfig.json": JSON.stringify({
        compilerOptions: { allowJs: true, outDir: "dist" },
        include: ["app"],
      }),
      "app/db.js": secret,
      "app/http/js/x.min.ts": "",
      "dist/app/db.js": secret,
      "dist/app/http/js/x.min.js": entry("../../db.js"),
      "dist/app/old/keys.js": secret,
    };
    await assert.rejects(start(files), /dist\/app\/db\.js must not be sent to browsers/);
    await assert.rejects(
      start({ ...files, "dist/app/http/js/x.min.js": entry("../../old/keys.js") }),
      /keys\.js must not be sent to browsers: it is the output of tsc for a source that was deleted/,
    );
  });

  it("is not a link to somewhere else", async () => {
    const elsewhere = await createProject({
      "package.json": '{ "name": "elsewhere", "type": "module" }',
      "secret.js": secret,
    });
    project = await createProject({ "app/http/js/.keep": "" });
    await symlink(join(elsewhere.path, "secret.js"), join(project.path, "app/http/js/x.min.js"));
    const linked = new Miqro({ services: join(project.path, "app"), port: 0 });
    await assert.rejects(linked.start(), /x\.min\.js is a link to .*secret\.js, outside of the project/);
    await elsewhere.remove();
  });

  it("may share modules with the server that are not private", async () => {
    const url = await start({
      "app/shared/format.js": "export const SECRET = 'none';",
      "app/http/js/x.min.js": entry("../../shared/format.js"),
    });
    assert.equal((await fetch(`${url}/js/x.js`)).status, 200);
  });
});
