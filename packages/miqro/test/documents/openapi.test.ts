import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { Ajv2020 } from "ajv/dist/2020.js";
import type { APIModel } from "../../dist/documents/model.js";
import { writeOpenAPI } from "../../dist/documents/openapi.js";
import { describeProject, everyFeature } from "../support/documents.js";

interface OpenAPI {
  readonly paths: Readonly<Record<string, Readonly<Record<string, OpenAPIOperation>>>>;
  readonly components: Readonly<
    Record<"schemas" | "responses" | "securitySchemes", Readonly<Record<string, unknown>>>
  >;
}

interface OpenAPIOperation {
  readonly operationId: string;
  readonly description?: string;
  readonly parameters?: readonly { readonly name: string; readonly in: string; readonly required?: true }[];
  readonly requestBody?: {
    readonly required?: true;
    readonly content: Readonly<Record<string, { schema: object }>>;
  };
  readonly responses: Readonly<
    Record<string, { readonly content?: Readonly<Record<string, { schema?: object }>> }>
  >;
  readonly security?: readonly object[];
}

describe("the OpenAPI document", () => {
  let model: APIModel;
  let document: OpenAPI;
  before(async () => {
    const { model: all, project } = await describeProject(everyFeature, { all: true });
    await project.remove();
    model = all;
    document = JSON.parse(writeOpenAPI(model)) as OpenAPI;
  });

  const operationOf = (method: string, path: string): OpenAPIOperation => {
    const operation = document.paths[path]?.[method];
    assert.ok(operation, `${method} ${path}`);
    return operation;
  };

  it("has schemas that ajv compiles in its strict mode", () => {
    const ajv = new Ajv2020({ strict: true, strictTypes: false, strictRequired: false });
    for (const name of ["date", "date-time", "email", "uri", "uuid", "regex"]) ajv.addFormat(name, true);
    ajv.addVocabulary(["openapi", "info", "servers", "tags", "paths", "components"]);
    ajv.addSchema(document, "document");
    const names = Object.keys(document.components.schemas);
    assert.ok(names.includes("tree_node"));
    for (const name of names) ajv.compile({ $ref: `document#/components/schemas/${name}` });
    const body = ["paths", "~1schemas", "post", "requestBody", "content", "application~1json", "schema"];
    const validate = ajv.compile({ $ref: `document#/${body.join("/")}` });
    assert.equal(validate({}), false);
    const tree = ajv.compile({ $ref: "document#/components/schemas/tree_node" });
    assert.equal(tree({ name: "a", children: [{ name: "b", children: [] }] }), true);
    assert.equal(tree({ name: "a", children: [{ name: "b" }] }), false);
  });

  it("names operations by their method and path alone, each by another name", async () => {
    const ids = model.operations.map(({ id }) => id);
    assert.equal(new Set(ids).size, ids.length);
    assert.ok(ids.includes("get_items_byId") && ids.includes("post_mounted_in_byName"), ids.join(" "));
    const { model: fewer, project } = await describeProject({
      "app/http/items/[id].api.js": everyFeature["app/http/items/[id].api.js"] ?? "",
    });
    await project.remove();
    assert.deepEqual(
      fewer.operations.map(({ id }) => id),
      ["get_items_byId", "delete_items_byId"],
    );
  });

  it("gives two names of one parameter the first of them", () => {
    assert.deepEqual(
      Object.keys(document.paths).filter((path) => path.startsWith("/items/")),
      ["/items/{id}"],
    );
    assert.deepEqual(
      operationOf("patch", "/items/{id}").parameters?.map(({ name }) => name),
      ["id"],
    );
  });

  it("describes what is required of a request, in its own direction", () => {
    const { parameters, responses } = operationOf("get", "/items/{id}");
    assert.deepEqual(
      parameters?.map(({ name, in: place, required = false }) => `${place} ${name} ${required}`),
      ["path id true", "query page false", "query tags true", "query cursor false", "header X-Trace false"],
    );
    assert.deepEqual(Object.keys(responses), ["200", "400", "401", "403", "default"]);
    const schemas = operationOf("post", "/schemas");
    assert.equal(schemas.requestBody?.required, true);
    const answer = schemas.responses["201"]?.content?.["application/json"]?.schema as { required: string[] };
    assert.deepEqual(answer.required, ["tree", "at", "sort"]);
    assert.equal(schemas.responses["204"]?.content, undefined);
  });

  it("tells where a token goes, and whether one is needed", () => {
    assert.deepEqual(document.components.securitySchemes, {
      bearer: { type: "http", scheme: "bearer" },
      cookie_token: { type: "apiKey", in: "cookie", name: "token" },
      query_token: { type: "apiKey", in: "query", name: "token" },
    });
    const all = [{ bearer: [] }, { cookie_token: [] }, { query_token: [] }];
    assert.deepEqual(operationOf("get", "/items/{id}").security, all);
    assert.deepEqual(operationOf("post", "/schemas").security, [{}, ...all]);
    assert.equal(
      operationOf("post", "/mounted/in/{name}").description,
      "Needs a session in the group outer.\n\nNeeds a session in the group inner.",
    );
  });

  it("names the media types that the route's own parser reads", () => {
    const typesOf = (method: string, path: string): string[] =>
      Object.keys(operationOf(method, path).requestBody?.content ?? {});
    assert.deepEqual(typesOf("post", "/form"), ["application/x-www-form-urlencoded"]);
    assert.deepEqual(typesOf("put", "/upload"), [
      "application/json",
      "application/x-www-form-urlencoded",
      "text/plain",
      "multipart/form-data",
    ]);
  });

  it("has every path, also of wildcards, of optional segments, and of methods that OpenAPI lacks", () => {
    for (const path of ["/files/{rest}", "/page/{id}.html", "/data.json"]) {
      assert.ok(path in document.paths, path);
    }
    assert.deepEqual(Object.keys(document.paths["/any"] ?? {}), ["get", "post", "put", "patch", "delete"]);
    assert.deepEqual(Object.keys(Object(document.paths["/files/{rest}"]?.["x-operations"])), ["PURGE"]);
    assert.deepEqual(
      Object.keys(document.paths).filter((path) => path.includes("optional")),
      ["/optional", "/optional/{id}"],
    );
  });
});

describe("the schemas of a document", () => {
  const tree = (leaf: string): string => `{ type: "object", id: "tree", properties: {
    leaf: { type: "object", id: "leaf", properties: { ${leaf}, next: { type: "array", items: { type: "ref", ref: "leaf" } } } },
    children: { type: "array", items: { type: "ref", ref: "tree" } } } }`;
  const route = (body: string): string =>
    `export default { method: "POST", request: { body: ${body} }, handler: () => 1 };`;

  it("are shared where they are the same, with all that they refer to", async () => {
    const { model, project } = await describeProject({
      "app/http/a.api.js": route(tree('a: "string"')),
      "app/http/b.api.js": route(tree('b: "string"')),
      "app/http/c.api.js": route(tree('a: "string"')),
      "app/http/d.api.js": `import { z } from "zod";
        const category = z.object({ name: z.string(), get children() { return z.array(category); } });
        ${route('{ one: category, tree: { type: "string?", default: "#/$defs/tree" } }')}`,
    });
    await project.remove();
    assert.deepEqual(Object.keys(model.schemas), ["leaf", "leaf_post_b", "schema", "tree", "tree_post_b"]);
    const bodies = model.operations.map(({ body }) => body?.schema.$ref);
    const prefix = "#/components/schemas/";
    assert.deepEqual(bodies, [`${prefix}tree`, `${prefix}tree_post_b`, `${prefix}tree`, undefined]);
    assert.deepEqual(model.schemas.tree_post_b?.properties?.leaf, { $ref: `${prefix}leaf_post_b` });
    const { properties } = model.operations[3]?.body?.schema ?? {};
    assert.deepEqual(properties?.one, { $ref: `${prefix}schema` });
    assert.equal(properties?.tree?.default, "#/$defs/tree");
  });
});

describe("the security of a route", () => {
  const auth = (options: string): string => `export default { verify: () => null, ${options} };`;
  const cases: readonly [what: string, files: Readonly<Record<string, string>>, expected: string][] = [
    ["is that of auth.ts", { "app/auth.js": auth("") }, "bearer required"],
    ["is optional where auth.ts says so", { "app/auth.js": auth("required: false") }, "bearer"],
    ["counts below a path only", { "app/auth.js": auth('path: "/admin"') }, ""],
    ["counts below a path with a parameter", { "app/auth.js": auth('path: "/:any"') }, "bearer required"],
    ["does not count where it is excluded", { "app/auth.js": auth('exclude: ["/x"]') }, ""],
    [
      "counts where another path is excluded",
      { "app/auth.js": auth('exclude: ["/x/y"]') },
      "bearer required",
    ],
    [
      "is a header by its name",
      { "app/auth.js": auth('tokenLocationName: "X-Key"') },
      "header_X-Key required",
    ],
    ["is not known of `free`", { "app/auth.js": auth('tokenLocation: "free"') }, " required"],
    [
      "is read from an authService",
      {
        "app/auth.js":
          'export default { authService: { verify: () => null }, options: { tokenLocation: "query" } };',
      },
      "query_token required",
    ],
    [
      "is that of the route",
      {
        "app/http/x.api.js":
          'export default { session: { tokenLocation: "cookie", verify: () => null }, handler: () => 1 };',
      },
      "cookie_token required",
    ],
    ["comes from services in front", { "auth/auth.js": auth("") }, "bearer required"],
    ["does not come from services behind", { "later/auth.js": auth("") }, ""],
  ];
  for (const [what, files, expected] of cases) {
    it(what, async () => {
      const services = ["auth", "app", "later"].filter(
        (name) => name === "app" || Object.keys(files).some((file) => file.startsWith(`${name}/`)),
      );
      const { model, project } = await describeProject(
        { "app/http/x.api.js": "export default () => 1;", ...files },
        { services },
      );
      await project.remove();
      const [{ security } = assert.fail()] = model.operations;
      assert.equal(
        [...security.schemes, ...(security.isRequired ? ["required"] : [])].join(" ").trim(),
        expected.trim(),
      );
    });
  }
});
