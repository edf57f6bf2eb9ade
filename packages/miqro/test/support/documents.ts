import { join } from "node:path";
import { loadServices } from "../../dist/documents/load-services.js";
import type { APIModel } from "../../dist/documents/model.js";
import { readModel } from "../../dist/documents/read-model.js";
import { createProject, type Project } from "./project.js";

/** Describes the services of a project, given by their files. */
export async function describeProject(
  files: Readonly<Record<string, string>>,
  { services = ["app"], all = false }: { readonly services?: readonly string[]; readonly all?: boolean } = {},
): Promise<{ readonly model: APIModel; readonly project: Project }> {
  const project = await createProject(files);
  const folders = services.map((one) => join(project.path, one));
  try {
    return { model: readModel(await loadServices({ services: folders }), all), project };
  } catch (error) {
    await project.remove();
    throw error;
  }
}

/** A project that uses every feature of schemas, of routes and of sessions. */
export const everyFeature: Readonly<Record<string, string>> = {
  "package.json": '{ "private": true, "type": "module", "name": "every", "version": "1.2.3" }',
  "app/doc.js": `export default {
    title: "Every <b>feature</b> & \`code\`",
    description: "What is | there, */ and \\\\ more.",
    servers: ["https://api.example.com/v1"],
  };`,
  "app/auth.js": `export default {
    tokenLocation: ["header", "cookie", "query"],
    required: false,
    verify: ({ token }) => (token === "secret" ? { account: "a", username: "ann", groups: ["staff"] } : null),
  };`,
  "app/http/schemas.api.js": `export default {
    method: "POST",
    name: "every schema",
    request: {
      body: {
        text: { type: "string", minLength: 1, maxLength: 9, regex: "^[a-z]+$", description: "Lower | case \`a\` only" },
        email: "email", url: "url", uuid: "uuid", regex: "regex",
        encoded: "encodeHTML?", decoded: "decodeHTML?",
        number: { type: "number", min: 0, max: 1 }, even: { type: "integer", multipleOf: 2 },
        big: "bigint?", yes: "boolean", day: "date", instant: "datetime",
        anything: "any", nothing: "null",
        free: "object", list: "string[]", wrapped: "integer[]!", unique: { type: "array", items: "string", minLength: 1, maxLength: 3, unique: true },
        dict: { type: "dict", values: "number" },
        kind: { type: "enum", values: ["a", "b", 3, null] }, exact: { type: "literal", value: "x" },
        either: "string|integer", maybe: { type: "string?", nullable: true, default: "none" },
        shape: { type: "union", discriminator: "kind", anyOf: [
          { kind: { type: "literal", value: "circle" }, radius: "number" },
          { kind: { type: "enum", values: ["square", "box"] }, width: "number" },
        ] },
        tree: { type: "object", id: "tree node", properties: {
          name: "string", children: { type: "array", items: { type: "ref", ref: "tree node" } },
        } },
        "odd key \\" */": "string?",
        refined: { type: "string?", refine: (text) => text.length > 2 || "must be longer" },
      },
    },
    response: {
      status: [200, 201, 204],
      headers: { Location: "url?" },
      body: {
        tree: { type: "object", id: "tree node", properties: {
          name: "string", children: { type: "array", items: { type: "ref", ref: "tree node" } },
        } },
        at: "datetime", sort: { type: "string?", default: "name" },
      },
    },
    handler: (req, res) => res.json({ tree: req.body.tree, at: new Date(0) }),
  };`,
  "app/http/items/[id].api.js": `export default {
    method: ["GET", "DELETE"],
    tags: ["items"],
    deprecated: true,
    policy: { groups: ["staff", ["a", "b"]] },
    request: {
      params: { id: "integer" },
      query: [{ page: "integer?", tags: "string[]" }, { cursor: "string", tags: "string[]" }],
      headers: { "X-Trace": "uuid?", Authorization: "string?" },
    },
    response: { body: [{ id: "integer" }, { title: "string" }] },
    handler: (req) => ({ id: req.params.id }),
  };`,
  // The same path by another name, a path that OpenAPI has no word for, and methods beyond its own.
  "app/http/items/other.api.js": `export default { path: "/:key", method: "PATCH", response: { body: false }, handler: () => null };`,
  "app/http/files/[...rest].api.js": `export default { method: ["GET", "PURGE"], handler: () => "file" };`,
  "app/http/any.api.js": `export default { method: "all", request: { query: { type: "dict", values: "string" } }, handler: () => "x" };`,
  "app/http/optional.api.js": `export default { path: "/optional/:id?", response: { body: "string" }, handler: () => "x" };`,
  "app/http/form.api.js": `
    import { URLEncodedParser } from "miqro";
    export default {
      method: "POST", middleware: [URLEncodedParser()],
      request: { body: { name: "string", tags: "string[]" } }, response: { body: { name: "string" } },
      handler: (req) => ({ name: req.body.name }),
    };`,
  "app/http/upload.api.js": `
    import { BodyParser } from "miqro";
    export default { method: "PUT", middleware: BodyParser(), response: { status: 202, body: true }, handler: (req, res) => { res.statusCode = 202; return "ok"; } };`,
  "app/http/mounted.api.js": `
    import { Router } from "miqro";
    const router = new Router();
    router.route({ method: "POST", path: "/in/:name", policy: { groups: ["inner"] }, handler: () => "x" });
    export default { method: "use", policy: { groups: ["outer"] }, tags: ["router"], handler: router };`,
  "app/http/zod.api.js": `
    import { z } from "zod";
    const category = z.object({ name: z.string(), get children() { return z.array(category); } });
    export default { method: "POST", request: { body: category }, handler: () => "x" };`,
  "app/http/plain.api.js": "export default (req, res) => res.text('plain');",
  "app/http/data.json.js": "export default { a: 1 };",
  "app/http/page/[id].html.js": "export default () => '<p>';",
};
