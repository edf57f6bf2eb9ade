import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import type { JSONSchema } from "@miqro/parser";
import { Miqro } from "miqro";
import { toTypeText } from "../../dist/documents/client/type-text.js";
import { writeClient } from "../../dist/documents/client/write-client.js";
import { listSchema, typeText } from "../../dist/documents/describe-schema.js";
import { exampleValue } from "../../dist/documents/example-value.js";
import { compile, compilers } from "../support/compile-client.js";
import { describeProject, everyFeature } from "../support/documents.js";
import type { Project } from "../support/project.js";
import { use } from "../support/use-client.js";

const run = promisify(execFile);
describe("the client in TypeScript", () => {
  let project: Project;
  before(async () => {
    const described = await describeProject(everyFeature);
    project = described.project;
    await project.write({ "client.ts": writeClient(described.model), "use.ts": use });
  });
  after(() => project.remove());

  it("compiles, and refuses a wrong parameter, body or status", async () => {
    assert.equal(await compile(project.path, ["client.ts", "use.ts"]), "");
  });

  it("compiles in a project without strict, and in one that knows Node.js but no browser", async () => {
    const loose = { strict: false, exactOptionalPropertyTypes: false, isolatedDeclarations: false };
    assert.equal(await compile(project.path, ["client.ts"], loose), "");
    const server = { lib: ["es2023"], types: ["node"], skipLibCheck: true };
    assert.equal(await compile(project.path, ["client.ts", "use.ts"], server), "");
  });

  it("compiles against 500 routes in under 3 seconds", async () => {
    const route = (index: number): string => `export default {
      method: "POST", path: "/r${index}/:id", name: "route ${index}",
      request: { params: { id: "integer" }, query: { page: "integer?", tags: "string[]" },
        body: { title: "string", text: "string?", author: { name: "string", mail: "email?" }, field${index}: "integer" } },
      response: { status: [200, 201], body: { id: "integer", posts: { type: "array", items: { id: "integer", title: "string", tags: "string[]" } } } },
      handler: () => null };`;
    const files = Object.fromEntries(
      Array.from({ length: 500 }, (_, index) => [`app/http/r${index}.api.js`, route(index)]),
    );
    const { model, project: large } = await describeProject(files);
    try {
      assert.equal(model.operations.length, 500);
      const calls = model.operations.map(
        ({ method, path }, index) => `
          export async function call${index}(): Promise<void> {
            const answer = await api["${method} ${path}"]({
              params: { id: 1 }, query: { tags: [] },
              body: { title: "", author: { name: "" }, field${path.slice(2, -4)}: 1 },
            });
            if (answer.status === 201) void answer.data.posts[0]?.title;
          }`,
      );
      await large.write({
        "client.ts": writeClient(model),
        "use.ts": `import { createClient } from "./client.js";\nconst api = createClient();\n${calls.join("\n")}\n`,
      });
      assert.equal(await compile(large.path, ["client.ts", "use.ts"]), "");
      // The time of CPUs: that of a clock says how busy the machine is.
      const command = `TIMEFORMAT="%U %S"; time "${process.execPath}" "${compilers[7]}" -p .`;
      const { stderr } = await run("bash", ["-c", command], { cwd: large.path });
      const times = stderr.trim().split(" ").map(Number);
      const seconds = times.reduce((sum, one) => sum + one, 0);
      assert.ok(seconds > 0 && seconds < 3, `${seconds} s`);
    } finally {
      await large.remove();
    }
  });
});

describe("the type of a schema", () => {
  const string = { type: "string" };
  const cases: readonly (readonly [schema: object, type: string, row: string, example: unknown])[] = [
    [{ oneOf: [string, { type: "integer" }] }, "string | number", "string | integer", "text"],
    [{ anyOf: [string, { type: "null" }] }, "string | null", "string | null", "text"],
    [{ type: "array", items: string }, "string[]", "string[]", ["text"]],
    [{ type: "array" }, "unknown[]", "any[]", []],
    [{ type: "array", items: false }, "[]", "[]", []],
    [
      { type: "array", prefixItems: [string, { type: "integer" }], items: false, minItems: 2 },
      "[string, number]",
      "[string, integer]",
      ["text", 0],
    ],
    [
      { type: "array", prefixItems: [string, { type: "integer" }], items: { type: "boolean" }, minItems: 1 },
      "[string, number?, ...boolean[]]",
      "[string, integer, ...boolean[]]",
      ["text", 0],
    ],
    [
      { type: "array", prefixItems: [{ anyOf: [string, { type: "null" }] }] },
      "[(string | null)?, ...unknown[]]",
      "[string | null, ...any[]]",
      ["text"],
    ],
    [
      { type: "object", properties: { a: string }, required: ["a"] },
      "{ a: string }",
      "object",
      { a: "text" },
    ],
    [
      { type: "object", properties: { a: string }, required: ["a"], additionalProperties: false },
      "{ a: string }",
      "object",
      { a: "text" },
    ],
    [
      { type: "object", properties: { a: string }, required: ["a"], additionalProperties: {} },
      "{ a: string; [key: string]: unknown }",
      "{ [key]: any }",
      { a: "text" },
    ],
    [
      { type: "object", properties: { a: string }, additionalProperties: { type: "integer" } },
      "{ a?: string | undefined; [key: string]: unknown }",
      "{ [key]: integer }",
      { a: "text" },
    ],
  ];
  for (const [given, type, row, example] of cases) {
    it(`is ${type} for ${JSON.stringify(given)}`, () => {
      const schema = given as JSONSchema;
      assert.equal(toTypeText(schema), type);
      assert.equal(typeText(schema, {}), row);
      assert.deepEqual(exampleValue(schema, {}), example);
      assert.ok(listSchema(schema, {}).length > 0);
    });
  }

  it("is that of a schema of zod, which compiles", async () => {
    const { model, project } = await describeProject({
      "app/http/zod.api.js": `
        import { z } from "zod";
        export default {
          method: "POST",
          request: { body: z.discriminatedUnion("t", [
            z.object({ t: z.literal("a"), n: z.number() }),
            z.object({ t: z.literal("b"), pair: z.tuple([z.string(), z.number()]) }),
          ]) },
          response: { body: z.object({ more: z.looseObject({ a: z.string() }), list: z.tuple([z.string()]).rest(z.number()) }) },
          handler: () => 1,
        };`,
    });
    try {
      await project.write({
        "client.ts": writeClient(model),
        "use.ts": `
          import { createClient } from "./client.js";
          const api = createClient();
          await api["POST /zod"]({ body: { t: "a", n: 1 } });
          await api["POST /zod"]({ body: { t: "b", pair: ["x", 1] } });
          // @ts-expect-error the alternative has no such property
          await api["POST /zod"]({ body: { t: "a", pair: ["x", 1] } });
          // @ts-expect-error the second item is a number
          await api["POST /zod"]({ body: { t: "b", pair: ["x", "y"] } });
          const answer = await api["POST /zod"]({ body: { t: "a", n: 1 } });
          if (answer.status === 200) {
            const first: string = answer.data.list[0];
            const second: number | undefined = answer.data.list[1];
            const other: unknown = answer.data.more["other"];
            void [first, second, other];
          }`,
      });
      assert.equal(await compile(project.path, ["client.ts", "use.ts"]), "");
    } finally {
      await project.remove();
    }
  });
});

describe("the client at work", () => {
  type Call = (input?: object) => Promise<{
    readonly ok: boolean;
    readonly status: number;
    readonly data: unknown;
    readonly problem: unknown;
  }>;
  type Client = Record<
    "PUT /echo/:id/*" | "POST /form" | "GET /plain" | "PATCH /items/:key" | "GET /items/:id",
    Call
  >;
  let project: Project;
  let miqro: Miqro;
  let url: string;
  let createClient: (options: object) => Client;
  before(async () => {
    const described = await describeProject({
      ...everyFeature,
      "app/http/echo.api.js": `export default { path: "/echo/:id/*", method: "PUT",
        request: { body: { a: "string" }, params: { id: "string", "*": "string" } },
        handler: (req) => ({ url: req.url, params: req.params, body: req.body, key: req.headers["x-key"] }) };`,
    });
    project = described.project;
    await project.write({ "client.ts": writeClient(described.model) });
    assert.equal(await compile(project.path, ["client.ts"], { noEmit: false }), "");
    ({ createClient } = await import(pathToFileURL(join(project.path, "client.js")).href));
    miqro = new Miqro({ services: join(project.path, "app"), port: 0, host: "127.0.0.1" });
    url = `http://127.0.0.1:${((await miqro.start()) as AddressInfo).port}`;
  });
  after(async () => {
    await miqro?.stop({ drainIdle: 0 });
    await project?.remove();
  });

  it("writes paths, queries, headers and JSON", async () => {
    const api = createClient({
      baseURL: `${url}/`,
      headers: async () => ({ "x-key": "k" }),
      query: { shared: "s" },
    });
    const { status, data } = await api["PUT /echo/:id/*"]({
      params: { id: "a/b ?", "*": "c/d e" },
      query: { list: ["1", "2"], none: undefined },
      body: { a: "ü" },
    });
    assert.deepEqual(
      [status, data],
      [
        200,
        {
          url: "/echo/a%2Fb%20%3F/c/d%20e?shared=s&list=1&list=2",
          params: { id: "a/b ?", "*": "c/d e" },
          body: { a: "ü" },
          key: "k",
        },
      ],
    );
  });

  it("writes a form where the route reads one, and takes text", async () => {
    const api = createClient({ baseURL: url });
    assert.deepEqual((await api["POST /form"]({ body: { name: "a&b", tags: ["x", "y"] } })).data, {
      name: "a&b",
    });
    assert.equal((await api["GET /plain"]()).data, "plain");
    const { status, data } = await api["PATCH /items/:key"]({ params: { key: 1 } });
    assert.deepEqual([status, data], [204, undefined]);
  });

  it("gives problem details of a refusal, and the text of any other", async () => {
    const api = createClient({ baseURL: url });
    const refused = await api["POST /form"]({ body: { name: "a" } });
    assert.deepEqual(
      [refused.ok, refused.status, (refused.problem as { issues: { path: string }[] }).issues[0]?.path],
      [false, 400, "body.tags"],
    );
    const unknown = await api["GET /items/:id"]({ params: { id: 1 }, query: { tags: [] } });
    assert.equal(unknown.status, 401);
    const known = createClient({ baseURL: url, headers: { authorization: "Bearer secret" } });
    const found = await known["GET /items/:id"]({ params: { id: 1 }, query: { tags: ["a"] } });
    assert.deepEqual([found.status, found.data], [200, { id: 1 }]);
  });

  it("gives the text of an error that says it is JSON and is not", async () => {
    for (const [text, problem] of [
      ["<h1>Bad Gateway</h1>", undefined],
      ['{"title": "cut o', undefined],
      ['{"title":"whole"}', { title: "whole" }],
      ['"text"', undefined],
      ["", undefined],
    ] as const) {
      const answer = () =>
        new Response(text, { status: 502, headers: { "content-type": "application/json" } });
      const api = createClient({ baseURL: url, fetch: async () => answer() });
      const { ok, status, ...rest } = (await api["GET /plain"]()) as { [key: string]: unknown };
      assert.deepEqual([ok, status, rest.problem, rest.text], [false, 502, problem, text]);
    }
    const fetch = async () => new Response("{", { headers: { "content-type": "application/json" } });
    await assert.rejects(createClient({ baseURL: url, fetch })["GET /plain"](), SyntaxError);
  });

  it("rejects an empty parameter, and one that would leave its path", async () => {
    const api = createClient({ baseURL: url });
    for (const key of [".", ".."]) {
      await assert.rejects(api["PATCH /items/:key"]({ params: { key } }), /would name another path/);
      for (const rest of [key, `${key}/a`, `a/${key}`, `a/${key}/b`]) {
        const params = { id: "a", "*": rest };
        await assert.rejects(api["PUT /echo/:id/*"]({ params, body: { a: "" } }), /would name another path/);
      }
    }
    for (const rest of [".a", "a.", "...", "..a/b.."]) {
      const { data } = await api["PUT /echo/:id/*"]({ params: { id: "a", "*": rest }, body: { a: "" } });
      assert.deepEqual((data as { params: unknown }).params, { id: "a", "*": rest });
    }
    await assert.rejects(
      api["GET /items/:id"]({ params: { id: "" }, query: {} }),
      /The parameter "id" of \/items\/:id is empty/,
    );
  });
});

describe("what users wrote, in a client", () => {
  it("cannot leave a comment or a string", async () => {
    const { model, project } = await describeProject({
      "package.json": '{ "type": "module", "name": "a\\nb; boom()" }',
      "app/http/x.api.js": `export default {
        name: "*/ boom() /*", description: "a\\u2028b */\\nboom()", path: '/a"b\\'c',
        request: { query: { ["a\\"; boom(); \\""]: "string?" } }, handler: () => 1 };`,
    });
    try {
      await project.write({ "client.ts": writeClient(model), "use.ts": "export {};" });
      assert.equal(await compile(project.path, ["client.ts", "use.ts"]), "");
    } finally {
      await project.remove();
    }
  });
});
