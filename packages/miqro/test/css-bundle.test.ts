import assert from "node:assert/strict";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterEach, describe, it } from "node:test";
import { Miqro, type StartError } from "miqro";
import { createProject, type Project } from "./support/project.js";

let project: Project | undefined;
let miqro: Miqro | undefined;
const environment = process.env.NODE_ENV;
afterEach(async () => {
  await miqro?.stop({ drainIdle: 0 });
  await project?.remove();
  miqro = undefined;
  if (environment === undefined) delete process.env.NODE_ENV;
  else process.env.NODE_ENV = environment;
});

async function start(files: Readonly<Record<string, string>>): Promise<string> {
  project = await createProject(files);
  miqro = new Miqro({ services: join(project.path, "app"), port: 0, host: "127.0.0.1" });
  return `http://127.0.0.1:${((await miqro.start()) as AddressInfo).port}`;
}

const files = {
  "app/http/css/all.css.bundle":
    "\uFEFF# first the base\r\n\r\n../../static/base.css\r\n  _parts/card.css  \r\n../../../node_modules-of-mine/x.css\r\n",
  "app/static/base.css": "\uFEFFbody { background: url(img/bg.png) }\n",
  "app/http/css/_parts/card.css": ".card { background: url(../card.png) }\n",
  "node_modules-of-mine/x.css": ".x { color: red }",
};

describe("x.css.bundle", () => {
  it("answers with the sheets that it lists, whose URLs lead to the same files", async () => {
    const url = await start(files);
    const answer = await fetch(`${url}/css/all.css`);
    assert.equal(answer.status, 200);
    assert.equal(answer.headers.get("content-type"), "text/css; charset=utf-8");
    assert.equal(
      await answer.text(),
      'body { background: url("../img/bg.png") }\n.card { background: url("card.png") }\n.x { color: red }\n',
    );
    assert.equal((await fetch(`${url}/css/all.css.bundle`)).status, 404);
  });

  it("is asked for again, and not sent again", async () => {
    const url = await start(files);
    const first = await fetch(`${url}/css/all.css`);
    assert.equal(first.headers.get("cache-control"), "no-cache");
    const headers = { "if-none-match": first.headers.get("etag") ?? "" };
    const second = await fetch(`${url}/css/all.css`, { headers });
    assert.deepEqual([second.status, await second.text()], [304, ""]);
    const head = await fetch(`${url}/css/all.css`, { method: "HEAD" });
    assert.deepEqual([head.status, await head.text()], [200, ""]);
    assert.equal((await fetch(`${url}/css/all.css`, { method: "POST" })).status, 405);
  });

  it("shows a changed sheet in development without a new version, and else not", async () => {
    for (const [mode, shown] of [
      ["development", /green/],
      ["production", /red/],
    ] as const) {
      process.env.NODE_ENV = mode;
      const url = await start(files);
      await project?.write({ "node_modules-of-mine/x.css": ".x { color: green }" });
      assert.match(await (await fetch(`${url}/css/all.css`)).text(), shown);
      await project?.write({ "app/http/css/all.css.bundle": "gone.css" });
      assert.equal((await fetch(`${url}/css/all.css`)).status, mode === "development" ? 500 : 200);
      await miqro?.stop({ drainIdle: 0 });
      await project?.remove();
    }
  });

  it("tells everything that is wrong with it, and the line", async () => {
    const wrong: readonly [bundle: string, ...messages: RegExp[]][] = [
      ["", /all\.css\.bundle: it lists no file/],
      ["# nothing\n\n", /it lists no file/],
      ["a.css\nb.css", /line 2: there is no .*b\.css\.$/],
      ["\n\nx.png", /line 3: "x\.png" must end with "\.css"/],
      ["/a.css", /line 1: "\/a\.css" must be the path of a style sheet, relative/],
      ["https://x.example/a.css", /line 1: .*relative to this file/],
      ["a.css\n./a.css", /line 2: "\.\/a\.css" is already listed in line 1/],
      ["folder.css", /line 1: "folder\.css" cannot be read: it is a folder/],
      [
        "import.css\nsecret.css",
        /line 1: import\.css imports "a\.css"/,
        /line 2: secret\.css refers to "\.\.\/db\.sqlite3", which is not served/,
      ],
      ["x.css\ny.css", /line 1: there is no/, /line 2: there is no/],
    ];
    for (const [bundle, ...messages] of wrong) {
      const others = {
        "app/http/a.css": "",
        "app/http/folder.css/x": "",
        "app/http/import.css": '@import "a.css";',
        "app/http/secret.css": "a { src: url(../db.sqlite3) }",
      };
      await assert.rejects(start({ ...others, "app/http/all.css.bundle": bundle }), (error: StartError) => {
        assert.equal(error.problems.length, messages.length, error.message);
        for (const [index, message] of messages.entries()) {
          const { file, message: told } = error.problems[index] as { file: string; message: string };
          assert.match(`${file}: ${told}`, message);
        }
        return true;
      });
      await project?.remove();
    }
  });

  it("cannot be a parameter, and is told where another file has its path", async () => {
    await assert.rejects(
      start({ "app/http/[x].css.bundle": "a.css", "app/http/a.css": "" }),
      /cannot be a parameter/,
    );
    const twice = {
      "app/http/a.css.bundle": "b.css",
      "app/http/b.css": "",
      "app/http/c.api.js": "export default { path: 'a.css', handler: () => 1 };",
    };
    await assert.rejects(start(twice), /answers GET \/a\.css as well/);
  });
});
