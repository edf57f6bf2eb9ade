import assert from "node:assert/strict";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterEach, describe, it } from "node:test";
import { Miqro, type StartError } from "miqro";
import { createProject, type Project } from "./support/project.js";

let project: Project | undefined;
let miqro: Miqro | undefined;
afterEach(async () => {
  await miqro?.stop({ drainIdle: 0 });
  await project?.remove();
  miqro = undefined;
});

async function start(files: Readonly<Record<string, string>>): Promise<string> {
  project = await createProject(files);
  miqro = new Miqro({ services: [join(project.path, "app")], port: 0, host: "127.0.0.1" });
  return `http://127.0.0.1:${((await miqro.start()) as AddressInfo).port}`;
}

const noting = (name: string): string =>
  `hook("request", (req) => { (req.steps ??= []).push("${name}"); }), hook("send", (_req, res) => { res.appendHeader("X-Sent", "${name}"); })`;
const steps = "export default (req) => req.steps ?? [];";

describe("http/**/module.ts", () => {
  it("is the scope of its folder, for files of every kind and for static ones", async () => {
    const url = await start({
      "app/http/top.api.js": steps,
      "app/http/admin/module.js": `import { hook } from "@miqro/core";
        export const meta = { plugins: [${noting("admin")}, hook("request", (req, res) => req.headers["x-user"] ? undefined : res.json({ error: "Who are you?" }, {}, 401))] };
        export const routes = { "GET /own": (req) => req.steps };
        export default (router) => { router.get("/late", (req) => req.steps); };`,
      "app/http/admin/list.api.js": steps,
      "app/http/admin/index.api.js": `export const apiOptions = { path: "" }; ${steps}`,
      "app/http/admin/note.txt": "a note",
      "app/http/admin/users/module.js": `import { hook } from "@miqro/core"; export const meta = { plugins: [${noting("users")}] };`,
      "app/http/admin/users/[id].api.js": "export default (req) => [...req.steps, req.params.id];",
      "app/http/shop/item.json.js": "export default (req) => ({ steps: req.steps ?? [] });",
    });
    const ask = async (path: string, user = "ada") => {
      const answer = await fetch(url + path, user === "" ? {} : { headers: { "x-user": user } });
      const text = await answer.text();
      return [answer.status, text, answer.headers.get("x-sent")];
    };
    assert.deepEqual(await ask("/top"), [200, "[]", null]);
    assert.deepEqual(await ask("/shop/item.json"), [200, '{"steps":[]}', null]);
    for (const path of ["/admin/list", "/admin/own", "/admin/late", "/admin"]) {
      assert.deepEqual(await ask(path), [200, '["admin"]', "admin"], path);
    }
    assert.deepEqual(await ask("/admin/users/7"), [200, '["admin","users","7"]', "users, admin"]);
    assert.deepEqual(await ask("/admin/note.txt"), [200, "a note", "admin"]);
    for (const path of ["/admin/list", "/admin/users/7", "/admin/note.txt", "/admin/none"]) {
      assert.deepEqual((await ask(path, ""))[0], 401, path);
    }
  });

  it("is refused where a file answers the same", async () => {
    project = await createProject({
      "app/http/c/module.js": "export const routes = { 'GET /list': () => 1 };",
      "app/http/c/list.api.js": "export default () => 2;",
    });
    miqro = new Miqro({ services: [join(project.path, "app")], port: 0 });
    await assert.rejects(miqro.start(), /c\/(?:list\.api|module)\.js answers GET \/c\/list as well/);
  });

  it("is refused with all that is wrong", async () => {
    project = await createProject({
      "app/http/a/module.js": "export const meta = { prefix: '/x', plugins: [] };",
      "app/http/b/module.js": "export const route = {}; export default 7;",
    });
    miqro = new Miqro({ services: [join(project.path, "app")], port: 0 });
    await assert.rejects(miqro.start(), (error: StartError) => {
      for (const part of [
        /a\/module\.js.*the folder gives the path/s,
        /b\/module\.js.*Perhaps "routes" was meant/s,
        /b\/module\.js.*"default" of a module must be a function/s,
      ]) {
        assert.match(error.message, part);
      }
      return true;
    });
  });

  it("is named where a plugin of it fails", async () => {
    project = await createProject({
      "app/http/a/module.js": `import { plugin } from "@miqro/core";
        export const meta = { plugins: [plugin({ name: "database", setup() { throw new Error("no connection"); } })] };`,
    });
    miqro = new Miqro({ services: [join(project.path, "app")], port: 0 });
    await assert.rejects(miqro.start(), /The plugin "database" of .*a\/module\.js failed: no connection/);
  });
});
