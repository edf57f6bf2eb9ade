import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { Ajv2020 } from "ajv/dist/2020.js";
import fc from "fast-check";
import { toOpenAPITypes, validateOpenAPI } from "miqro-tests/openapi";
import { missingChromium } from "miqro-tests/parts";
import { scale } from "miqro-tests/scale";
import { type Answer, type OpenAPI, type Operation, requestsFor, send } from "./support/random-requests.js";
import { type Blog, signIn, startBlog } from "./support/start-blog.js";

describe("the documents of the blog", () => {
  let blog: Blog;
  let document: OpenAPI;
  before(async () => {
    blog = await startBlog();
    document = (await (await fetch(`${blog.url}/docs/openapi.json`)).json()) as OpenAPI;
  });
  after(() => blog?.remove());

  it("are valid OpenAPI, of which openapi-typescript makes types", { skip: missingChromium() }, async () => {
    assert.equal(await validateOpenAPI(document), undefined);
    assert.match(await toOpenAPITypes(document), /post_posts_byId_clap: \{/);
  });

  it("are true: requests drawn from them get no 5xx, and answers that fit them", async () => {
    const ajv = new Ajv2020({ strict: false });
    ajv.addSchema(document, "document");
    const statuses = new Map<string, number>();
    const operations = Object.entries(document.paths).flatMap(([path, item]) =>
      Object.entries(item).map(([method, operation]) => ({ path, method, operation })),
    );
    assert.equal(operations.length, 4);
    for (const { path, method, operation } of operations) {
      const cookie = await signIn(blog);
      const property = fc.asyncProperty(
        requestsFor(path, method, operation),
        fc.boolean(),
        async (request, isAuthor) => {
          const { status, type, text } = await send(blog.url, request, isAuthor ? { cookie } : {});
          assert.ok(status < 500, `${status} ${text}`);
          const key = `${method} ${path} ${status}`;
          statuses.set(key, (statuses.get(key) ?? 0) + 1);
          if (text === "") return;
          const schema = schemaFor(operation, status, type);
          assert.ok(schema !== undefined, `${status} ${type} is not in the document`);
          if (schema === "any") return;
          const validate = ajv.compile({ $ref: `document#${schema}` });
          assert.ok(validate(JSON.parse(text)), `${text} ${ajv.errorsText(validate.errors)}`);
        },
      );
      await fc.assert(property, { numRuns: scale({ sample: 150, full: 3000 }) });
    }
    // Else nothing but refusals would have been looked at.
    for (const key of [
      "get /posts 200",
      "get /posts 400",
      "post /posts 201",
      "post /posts 401",
      "post /posts 400",
    ]) {
      assert.ok(statuses.has(key), `${key} of ${[...statuses.keys()].join(", ")}`);
    }
    assert.ok(statuses.has("post /posts/{id}/clap 200") && statuses.has("post /posts/{id}/clap 404"));
  });

  /** Where in the document the schema of an answer stands; `any` where it may be anything. */
  function schemaFor(operation: Operation, status: number, type = ""): string | undefined {
    const { responses, operationId } = operation;
    const key = [String(status), `${String(status)[0]}XX`, "default"].find((one) => one in responses);
    if (key === undefined) return undefined;
    const found = responses[key];
    const reference = found !== undefined && "$ref" in found ? found.$ref.slice(1) : undefined;
    const answer = (
      reference === undefined ? found : document.components.responses[reference.split("/")[3] ?? ""]
    ) as Answer;
    const range = [type, "*/*"].find((one) => answer.content !== undefined && one in answer.content);
    if (range === undefined) return undefined;
    if (answer.content?.[range]?.schema === undefined) return "any";
    const pointer = reference ?? `${pointerTo(operationId)}/responses/${key}`;
    return `${pointer}/content/${range.replace(/\//g, "~1")}/schema`;
  }

  function pointerTo(id: string): string {
    for (const [path, item] of Object.entries(document.paths)) {
      for (const [method, { operationId }] of Object.entries(item)) {
        if (operationId === id) {
          return `/paths/${encodeURIComponent(path.replace(/~/g, "~0").replace(/\//g, "~1"))}/${method}`;
        }
      }
    }
    return assert.fail(`There is no operation ${id}.`);
  }
});
