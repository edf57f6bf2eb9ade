import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { isBuiltin } from "node:module";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { createProject, type Project } from "./support/project.js";
import { type RunningEditor, startEditor } from "./support/running-editor.js";

interface Template {
  readonly name: string;
  readonly about: string;
  readonly text: string;
}

const tsc = fileURLToPath(new URL("../../../node_modules/typescript/bin/tsc", import.meta.url));
let project: Project;
let editor: RunningEditor;
let templates: readonly Template[];
before(async () => {
  project = await createProject({ "app/http/hello.api.js": "export default () => 'hello';\n" });
  editor = await startEditor(project);
  await editor.signIn();
  const answer = (await editor.ask("/api/templates")).json<{ templates: Template[]; services: string[] }>();
  assert.deepEqual(answer.services, ["app"]);
  templates = answer.templates;
});
after(async () => {
  await editor?.stop();
  await project?.remove();
});

describe("the templates of new files", () => {
  it("are there for every convention and kind of file of this version", async () => {
    const { conventions } = await import("../../miqro/dist/conventions/table.js");
    const { httpFiles } = await import("../../miqro/dist/http-files/table.js");
    const rows = [...conventions, ...httpFiles].filter(({ load }) => load !== undefined);
    // And a migration, which is no row of a table.
    assert.equal(templates.length, rows.length + 1);
    for (const { name } of conventions.filter(({ load }) => load !== undefined)) {
      assert.ok(
        templates.some((template) => template.name === `${name}.ts`),
        name,
      );
    }
  });

  it("compile under the strictest options, and start together", async (t) => {
    const strict = { strict: true, noUncheckedIndexedAccess: true, exactOptionalPropertyTypes: true };
    const other = await createProject({
      "tsconfig.json": JSON.stringify({
        compilerOptions: {
          ...strict,
          target: "es2022",
          module: "nodenext",
          lib: ["es2023", "dom", "dom.iterable"],
          types: ["miqro"],
          jsx: "react",
          jsxFactory: "JSX.createElement",
          jsxFragmentFactory: "JSX.Fragment",
          skipLibCheck: true,
          rootDir: ".",
          outDir: "dist",
        },
      }),
      ...Object.fromEntries(templates.map(({ name, text }) => [`app/${name}`, text])),
      // A list of style sheets needs one to list.
      "app/static/base.css": "",
      "app/http/css/all.css.bundle": "../../static/base.css\n",
    });
    let running: RunningEditor | undefined;
    t.after(async () => {
      await running?.stop();
      await other.remove();
    });
    const { stdout, status } = spawnSync(process.execPath, [tsc, "--pretty", "false"], {
      cwd: other.path,
      encoding: "utf8",
    });
    assert.equal(`${stdout}${status}`, "0");
    // The template of a database is one of node:sqlite.
    if (!isBuiltin("node:sqlite")) return;
    running = await startEditor(other);
    assert.doesNotMatch(running.server.output(), /miqro: /);
  });
});
