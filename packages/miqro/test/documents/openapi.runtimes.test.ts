import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { toOpenAPITypes, validateOpenAPI } from "miqro-tests/openapi";
import { missingChromium } from "miqro-tests/parts";
import { writeClient } from "../../dist/documents/client/write-client.js";
import type { APIModel } from "../../dist/documents/model.js";
import { writeOpenAPI } from "../../dist/documents/openapi.js";
import { compile, compilers } from "../support/compile-client.js";
import { describeProject, everyFeature } from "../support/documents.js";
import type { Project } from "../support/project.js";
import { use } from "../support/use-client.js";

describe("documents of every feature, for programs of others", { skip: missingChromium() }, () => {
  let model: APIModel;
  let project: Project;
  before(async () => {
    ({ model, project } = await describeProject(everyFeature, { all: true }));
  });
  after(() => project.remove());

  const toDocument = (): object => JSON.parse(writeOpenAPI(model)) as object;

  it("is valid OpenAPI, as an independent validator says", async () => {
    assert.equal(await validateOpenAPI(toDocument()), undefined);
    const broken = { ...toDocument(), paths: { "/x": { get: { responses: { 200: {} } } } } };
    assert.notEqual(await validateOpenAPI(broken), undefined);
  });

  it("becomes types by openapi-typescript, which compile", async () => {
    const program = `
      import type { components, operations, paths } from "./api.js";
      export const id: paths["/items/{id}"]["get"]["parameters"]["path"]["id"] = 1;
      export const tree: components["schemas"]["tree_node"] = { name: "a", children: [{ name: "b", children: [] }] };
      // @ts-expect-error a child has children
      export const wrong: components["schemas"]["tree_node"] = { name: "a", children: [{ name: "b" }] };
      export type Form = operations["post_form"]["requestBody"]["content"]["application/x-www-form-urlencoded"];
      export const form: Form = { name: "a", tags: [] };
    `;
    await project.write({ "api.ts": await toOpenAPITypes(toDocument()), "program.ts": program });
    assert.equal(await compile(project.path, ["api.ts", "program.ts"]), "");
  });

  it("becomes a client that compiles with an older TypeScript, and refuses what is wrong", async () => {
    await project.write({ "client.ts": writeClient(model), "use.ts": use });
    assert.equal(await compile(project.path, ["client.ts", "use.ts"], { compiler: compilers[5.9] }), "");
  });
});
