import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterEach, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { Miqro } from "miqro";
import { createProject, type Project } from "../support/project.js";

const program = fileURLToPath(new URL("../../bin/miqro.js", import.meta.url));

let project: Project | undefined;
let miqro: Miqro | undefined;
afterEach(async () => {
  await miqro?.stop({ drainIdle: 0 });
  await project?.remove();
  miqro = undefined;
});

async function start(files: Readonly<Record<string, string>>, ...services: string[]): Promise<string> {
  project = await createProject(files);
  const { path } = project;
  const folders = (services.length > 0 ? services : ["app"]).map((one) => join(path, one));
  miqro = new Miqro({ services: folders, port: 0, host: "127.0.0.1" });
  return `http://127.0.0.1:${((await miqro.start()) as AddressInfo).port}`;
}

const posts = `export default {
  name: "list posts", description: "All of them.", response: { body: { count: "integer" } }, handler: () => ({ count: 1 }) };`;

describe("doc.ts", () => {
  it("publishes documents of all services, each in its own form", async () => {
    const url = await start(
      {
        "a/doc.js": `export default { title: "T", version: "9", publish: {
          "/docs": { type: "HTML" }, "/docs.md": { type: "MD" }, "/docs.json": { type: "JSON" },
          "/openapi.json": { type: "OPENAPI" }, "/llms.txt": { type: "LLMS" }, "/all.md": { type: "MD", all: true } } };`,
        "a/http/posts.api.js": posts,
        "b/http/other.api.js": "export default () => 1;",
        "b/http/page.html.js": "export default () => '<p>';",
        "b/http/posts.api.js": "export default { name: 'never asked', handler: () => 1 };",
      },
      "a",
      "b",
    );
    const read = async (path: string): Promise<[type: string | null, text: string]> => {
      const response = await fetch(url + path);
      return [response.headers.get("content-type"), await response.text()];
    };
    const [htmlType, html] = await read("/docs");
    assert.equal(htmlType, "text/html; charset=utf-8");
    assert.match(html, /<link rel="stylesheet" href="docs.css"/);
    assert.deepEqual((await read("/docs.css"))[0], "text/css; charset=utf-8");
    assert.deepEqual((await read("/docs.js"))[0], "text/javascript; charset=utf-8");
    const [markdownType, markdown] = await read("/docs.md");
    assert.equal(markdownType, "text/markdown; charset=utf-8");
    assert.match(markdown, /^# T\n\nVersion `9`\n/);
    assert.match(markdown, /`GET \/other`[\s\S]*`GET \/posts`/);
    assert.doesNotMatch(markdown, /never asked|page\.html/);
    assert.match((await read("/all.md"))[1], /GET \/page\.html/);
    const json = JSON.parse((await read("/docs.json"))[1]);
    assert.deepEqual(
      json.operations.map(({ id, name }: { id: string; name?: string }) => [id, name]),
      [
        ["get_other", undefined],
        ["get_posts", "list posts"],
      ],
    );
    assert.equal(JSON.parse((await read("/openapi.json"))[1]).openapi, "3.1.1");
    assert.deepEqual(await read("/llms.txt"), [
      "text/plain; charset=utf-8",
      `# T

> The HTTP API, version 9.

## Documents

- [/docs](/docs): the same as a page for people
- [/docs.md](/docs.md): every route with its parameters, bodies and answers, in Markdown
- [/docs.json](/docs.json): the same as JSON
- [/openapi.json](/openapi.json): the same as OpenAPI 3.1, with JSON Schema
- [/all.md](/all.md): every route with its parameters, bodies and answers, in Markdown

## Routes

- [\`GET /other\`](/docs.md#get_other)
- [\`GET /posts\`](/docs.md#get_posts): list posts. All of them.
`,
    ]);
  });

  it("answers 304 to whoever has a document already", async () => {
    const url = await start({
      "app/doc.js": `export default { publish: { "/": { type: "HTML" }, "/d/": { type: "MD" } } };`,
    });
    const etag = (await fetch(`${url}/d/`)).headers.get("etag") ?? "";
    assert.equal((await fetch(`${url}/d/`, { headers: { "if-none-match": etag } })).status, 304);
    assert.match(await (await fetch(url)).text(), /href="api-document.css"/);
    assert.equal((await fetch(`${url}/api-document.css`)).status, 200);
  });

  it("finds the files of its page with and without a slash at the end", async () => {
    const url = await start({ "app/doc.js": `export default { publish: { "/a/docs": { type: "HTML" } } };` });
    for (const path of ["/a/docs", "/a/docs/"]) {
      const html = await (await fetch(url + path)).text();
      const [, href = ""] = /<link rel="stylesheet" href="([^"]*)"/.exec(html) ?? [];
      assert.equal(new URL(href, url + path).pathname, "/a/docs.css");
    }
    assert.equal((await fetch(`${url}/a/docs.css`)).status, 200);
  });

  it("lets in whom auth.ts lets in, unless it stands in a service in front", async () => {
    const files = {
      "docs/doc.js": `export default { publish: { "/public.md": { type: "MD" } } };`,
      "app/auth.js": "export default { verify: () => null };",
      "app/doc.js": `export default { publish: { "/private.md": { type: "MD" } } };`,
      "app/http/posts.api.js": posts,
    };
    const url = await start(files, "docs", "app");
    assert.equal((await fetch(`${url}/private.md`)).status, 401);
    const response = await fetch(`${url}/public.md`);
    assert.equal(response.status, 200);
    assert.match(await response.text(), /Send a bearer token/);
  });

  const publish = (entries: string): Readonly<Record<string, string>> => ({
    "app/doc.js": `export default { publish: { ${entries} } };`,
  });
  const wrong: readonly [what: string, files: Readonly<Record<string, string>>, expected: RegExp][] = [
    [
      "an unknown type",
      publish(`"/d": { type: "PDF" }`),
      /doc\.js: "PDF" of "\/d" of "publish" is not a type of document\. Write one of: MD, JSON, HTML, OPENAPI, LLMS\./,
    ],
    ["a type in small letters", publish(`"/d": { type: "html" }`), /Did you mean "HTML"\?/],
    ["a missing type", publish(`"/d": {}`), /"type" in "\/d" of "publish" must be string, but is undefined/],
    [
      "an unknown option",
      publish(`"/d": { type: "MD", al: true }`),
      /unknown key "al" in "\/d" of "publish"\. Did you mean "all"\?/,
    ],
    [
      "a path without a slash",
      publish(`"d": { type: "MD" }`),
      /"d" in "publish" is not a path\. Begin it with a slash/,
    ],
    ["a path with a parameter", publish(`"/d/:id": { type: "MD" }`), /"\/d\/:id" in "publish" is not a path/],
    [
      "an unknown key",
      { "app/doc.js": "export default { publsh: {} };" },
      /unknown key "publsh" in the default export\. Did you mean "publish"\?/,
    ],
    [
      "no object",
      { "app/doc.js": "export default 7;" },
      /the default export is a number, but must be an object with title, version/,
    ],
    [
      "a server that nobody can ask",
      { "app/doc.js": `export default { servers: ["javascript:alert(1)"] };` },
      /"javascript:alert\(1\)" in "servers" is not a URL/,
    ],
    [
      "a server that is no URL",
      { "app/doc.js": `export default { servers: ["not a url"] };` },
      /"not a url" in "servers" is not a URL/,
    ],
    [
      "one path twice",
      publish(`"/d": { type: "MD" }, "/d/": { type: "JSON" }`),
      /this file already publishes a document at "\/d\/"\. Give each document its own path\./,
    ],
    [
      "the file of a page",
      publish(`"/d": { type: "HTML" }, "/d.css": { type: "MD" }`),
      /already publishes a document at "\/d\.css"/,
    ],
    [
      "a path of a route",
      { ...publish(`"/posts": { type: "MD" }`), "app/http/posts.api.js": posts },
      /posts\.api\.js answers GET \/posts, at which a document is published\. Change one of them\./,
    ],
  ];
  for (const [what, files, expected] of wrong) {
    it(`refuses ${what}`, async () => {
      await assert.rejects(start(files), expected);
    });
  }

  it("refuses a path that another service publishes, and tells all that is wrong at once", async () => {
    const files = {
      "a/doc.js": `export default { publish: { "/d": { type: "MD" } } };`,
      "b/doc.js": `export default { publish: { "/d": { type: "JSON" } } };`,
    };
    await assert.rejects(
      start(files, "a", "b"),
      /b\/doc\.js: .*a\/doc\.js already publishes a document at "\/d"/,
    );
    await project?.remove();
    await assert.rejects(
      start(publish(`"/a": { type: "A" }, "b": { type: "MD" }`)),
      /"A" of[\s\S]*"b" in "publish"/,
    );
  });
});

/** Runs the command line in the project. */
async function run(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const child = spawn(process.execPath, [program, "--no-build", ...args], { cwd: project?.path });
  let [stdout, stderr] = ["", ""];
  child.stdout.on("data", (chunk) => {
    stdout += chunk;
  });
  child.stderr.on("data", (chunk) => {
    stderr += chunk;
  });
  const [code] = (await once(child, "close")) as [number];
  return { code, stdout, stderr };
}

describe("miqro --generate-doc and --generate-client", () => {
  const files = {
    "app/http/posts.api.js": posts,
    "app/http/page.html.js": "export default () => '<p>';",
    "app/db.js": `export default { dialect: "pg", name: "main", connectionString: "postgres://nobody@127.0.0.1:1/none" };`,
    "app/migration/001_a.js": "export default { up: () => { throw new Error('it ran'); } };",
    "app/server.js": "export default { preload: () => { throw new Error('it ran'); } };",
  };

  it("writes API.md, and connects no database and runs no hook", async () => {
    project = await createProject(files);
    const { code, stdout, stderr } = await run("--service", "app", "--generate-doc");
    assert.deepEqual([code, stdout, stderr], [0, "Wrote API.md: 1 route.\n", ""]);
    assert.match(readFileSync(join(project.path, "API.md"), "utf8"), /## `GET \/posts`/);
  });

  it("writes each form to the file that is named, with all routes where that is asked for", async () => {
    project = await createProject(files);
    for (const [type, out, begin] of [
      ["HTML", "a.html", /^<!DOCTYPE html>/],
      ["openapi", "o.json", /^\{\n {2}"openapi": "3\.1\.1"/],
      ["JSON", "a.json", /^\{\n {2}"title"/],
      ["LLMS", "llms.txt", /^# /],
    ] as const) {
      const args = ["--service", "app", "--generate-doc", "--generate-doc-all"];
      const { code, stdout } = await run(...args, "--generate-doc-type", type, "--generate-doc-out", out);
      assert.deepEqual([code, stdout], [0, `Wrote ${out}: 2 routes.\n`]);
      const text = readFileSync(join(project.path, out), "utf8");
      assert.match(text, begin);
      assert.match(text, /page\.html/);
    }
  });

  it("writes a client", async () => {
    project = await createProject(files);
    const { code, stdout } = await run("--service", "app", "--generate-client", "client.ts");
    assert.deepEqual([code, stdout], [0, "Wrote client.ts: 1 route.\n"]);
    assert.match(
      readFileSync(join(project.path, "client.ts"), "utf8"),
      /"GET \/posts": \{ input: \{\}; answers: \{ 200: \{ count: number \} \} \};/,
    );
  });

  const wrong: readonly [what: string, args: readonly string[], expected: RegExp][] = [
    [
      "an unknown type",
      ["--generate-doc", "--generate-doc-type", "HTLM"],
      /--generate-doc-type is "HTLM", which is not a type of document\. Did you mean "HTML"\?/,
    ],
    [
      "Markdown in a .json file",
      ["--generate-doc", "--generate-doc-out", "api.json"],
      /api\.json would hold Markdown, the default\. Add --generate-doc-type with JSON or OPENAPI/,
    ],
    [
      "a flag without its command",
      ["--generate-doc-out", "x.md"],
      /--generate-doc-out has an effect only with --generate-doc\. Add --generate-doc, or leave --generate-doc-out out\./,
    ],
    [
      "a flag of another command",
      ["--generate-client", "c.ts", "--generate-doc-all"],
      /--generate-doc-all has an effect only with --generate-doc/,
    ],
    [
      "two commands",
      ["--generate-client", "c.ts", "--generate-doc"],
      /--generate-doc and --generate-client exclude each other/,
    ],
    [
      "no file for a client",
      ["--generate-client"],
      /--generate-client needs a value: --generate-client FILE\./,
    ],
    [
      "a client that is no TypeScript",
      ["--generate-client", "client.js"],
      /--generate-client writes TypeScript, but got "client\.js"/,
    ],
    [
      "a folder that is not there",
      ["--generate-doc", "--generate-doc-out", "no/api.md"],
      /no\/api\.md cannot be written: there is no folder no\. Make it first\./,
    ],
    [
      "--watch",
      ["--generate-doc", "--watch"],
      /--watch is for a server, but --generate-doc runs once and ends/,
    ],
  ];
  it("refuses what cannot be meant, and writes nothing", async () => {
    project = await createProject(files);
    for (const [what, args, expected] of wrong) {
      const { code, stderr } = await run("--service", "app", ...args);
      assert.match(stderr, expected, what);
      assert.equal(code, 10, what);
    }
    assert.ok(!existsSync(join(project.path, "API.md")) && !existsSync(join(project.path, "c.ts")));
  });

  it("fails with what is wrong with the services, and writes nothing", async () => {
    project = await createProject({
      "app/http/x.api.js": "export default { request: { body: 'strng' }, handler: () => 1 };",
    });
    const { code, stderr } = await run("--service", "app", "--generate-doc");
    assert.equal(code, 20);
    assert.match(stderr, /x\.api\.js: .*strng/);
    assert.ok(!existsSync(join(project.path, "API.md")));
  });

  it("says so when there is nothing to tell of", async () => {
    project = await createProject({ "app/http/page.html.js": "export default () => '<p>';" });
    const { code, stdout, stderr } = await run("--service", "app", "--generate-doc");
    assert.deepEqual([code, stdout], [0, "Wrote API.md: 0 routes.\n"]);
    assert.match(stderr, /No file of the services ends in \.api\.ts/);
  });
});
