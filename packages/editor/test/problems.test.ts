import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { readFailure } from "../dist/problems/read-failure.js";
import { checkTypes, readErrors } from "../dist/problems/type-check.js";
import { createProject, type Project } from "./support/project.js";

let project: Project;
before(async () => {
  project = await createProject({
    "app/http/a.api.ts": "",
    "app/lib.ts": "",
    "dist/app/http/a.api.js": "",
    "tsconfig.json": JSON.stringify({
      compilerOptions: { module: "nodenext", outDir: "dist", strict: true, types: [] },
      include: ["app"],
    }),
    "app/wrong.ts": 'export const count: number = "one";\nexport const x = {\n  a: 1\n',
  });
});
after(() => project.remove());

describe("readFailure", () => {
  const cases: Readonly<Record<string, { lines: readonly string[]; expected: readonly object[] }>> = {
    "names the file that a problem is of": {
      lines: ["app/http/a.api.ts: it has no default export. Write: export default ..."],
      expected: [
        {
          from: "app",
          path: "app/http/a.api.ts",
          message: "it has no default export. Write: export default ...",
        },
      ],
    },
    "leaves the code around the line out": {
      lines: [
        "app/http/a.api.ts: Error: x (app/http/a.api.ts:3:7)\n    app/http/a.api.ts:3:7\n    > 3 | throw x\n        |       ^",
      ],
      expected: [
        {
          from: "app",
          path: "app/http/a.api.ts",
          message: "Error: x (app/http/a.api.ts:3:7)",
          line: 3,
          column: 7,
        },
      ],
    },
    "finds the line": {
      lines: ["app/http/a.api.ts: Error: no (ROOT/app/http/a.api.ts:7)"],
      expected: [
        { from: "app", path: "app/http/a.api.ts", line: 7, message: "Error: no (ROOT/app/http/a.api.ts:7)" },
      ],
    },
    "blames the file where it happened, which another imports": {
      lines: ["app/http/a.api.ts: Error: no (app/lib.ts:3:5)"],
      expected: [
        {
          from: "app",
          path: "app/lib.ts",
          line: 3,
          column: 5,
          message: "app/http/a.api.ts: Error: no (app/lib.ts:3:5)",
        },
      ],
    },
    "takes a line of what was compiled for none of the source": {
      lines: ["app/http/a.api.ts: SyntaxError: no (dist/app/http/a.api.js:9)"],
      expected: [
        { from: "app", path: "app/http/a.api.ts", message: "SyntaxError: no (dist/app/http/a.api.js:9)" },
      ],
    },
    "finds the place of a crash in its stack": {
      lines: [
        "An uncaught exception: Error: boom",
        "    app/lib.ts:3:9",
        "    > 3 | throw",
        "    at x (node_modules/miqro/index.js:1:1)",
      ],
      expected: [
        {
          from: "app",
          path: "app/lib.ts",
          line: 3,
          column: 9,
          message: "An uncaught exception: Error: boom",
        },
      ],
    },
    "keeps what is of no file": {
      lines: ["Port 80 is already in use by another process."],
      expected: [{ from: "app", message: "Port 80 is already in use by another process." }],
    },
  };
  for (const [name, { lines, expected }] of Object.entries(cases)) {
    it(name, () => {
      const given = lines.map((line) => line.replace("ROOT", project.path));
      const found = readFailure(given, project.path);
      const wanted = JSON.parse(JSON.stringify(expected).replaceAll("ROOT", project.path));
      assert.deepEqual(found, wanted);
    });
  }
});

describe("checkTypes", () => {
  it("finds what the project's compiler finds, at its place", async () => {
    const found = await checkTypes(project.path, join(project.path, "app/lib.ts"));
    assert.deepEqual(
      found?.map(({ path, line, from }) => ({ path, line, from })).at(0),
      // tsc stops at a file that does not parse.
      { path: "app/wrong.ts", line: 4, from: "tsc" },
    );
  });

  it("says nothing where there is no tsconfig.json", async () => {
    const other = await createProject({ "a.ts": "" });
    assert.equal(await checkTypes(other.path, join(other.path, "a.ts")), undefined);
    await other.remove();
  });

  it("keeps the further lines of a message", () => {
    const printed = "a.ts(1,2): error TS2322: no\n  because\nerror TS18003: No inputs\n";
    assert.deepEqual(readErrors(printed, "/p/q", "/p"), [
      { from: "tsc", path: "q/a.ts", line: 1, column: 2, message: "TS2322: no\n  because" },
      { from: "tsc", message: "TS18003: No inputs" },
    ]);
  });
});
