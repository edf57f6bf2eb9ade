import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { Ajv2020 } from "ajv/dist/2020.js";
import { schemaPath } from "../dist/cli/commands/install-miqrojson.js";
import { createAppFiles } from "../dist/scaffold/app-files.js";
import { createJSONSchema } from "../dist/settings/json-schema.js";
import { readMiqroJSON } from "../dist/settings/miqro-json.js";
import type { Setting } from "../dist/settings/setting.js";
import { kindsOf } from "../dist/settings/settle.js";
import { settings } from "../dist/settings/table.js";
import { createProject, type Project } from "./support/project.js";

const shipped = fileURLToPath(new URL("../miqro.schema.json", import.meta.url));

let project: Project | undefined;
afterEach(() => project?.remove());

async function isTaken(json: object): Promise<boolean> {
  project = await createProject({ "miqro.json": JSON.stringify(json) });
  try {
    readMiqroJSON(join(project.path, "miqro.json"));
    return true;
  } catch {
    return false;
  } finally {
    await project.remove();
  }
}

describe("miqro.schema.json", () => {
  it("is what the table of settings makes (RECORD=1 writes it anew)", async () => {
    const text = `${JSON.stringify(createJSONSchema(), null, 2)}\n`;
    if (process.env.RECORD === "1") await writeFile(shipped, text);
    assert.equal(await readFile(shipped, "utf8"), text);
  });

  it("has exactly the keys that miqro.json may hold", async () => {
    const { properties } = JSON.parse(await readFile(shipped, "utf8")) as { properties: object };
    const keys = Object.entries<Setting>(settings).flatMap(([name, { json }]) =>
      json === undefined ? [] : [name],
    );
    assert.deepEqual(Object.keys(properties), ["$schema", ...keys]);
  });

  it("takes the files that miqro writes, which name it", async () => {
    const validate = new Ajv2020({ strict: true, allowUnionTypes: true }).compile(
      JSON.parse(await readFile(shipped, "utf8")),
    );
    const json = createAppFiles({ name: "x", version: "1.0.0", hasSQLite: true })["miqro.json"];
    assert.ok(validate(json), JSON.stringify(validate.errors));
    assert.equal((json as { $schema?: string }).$schema, schemaPath);
  });

  const values = ["x", 1, true, ["x"], [1], null, {}];
  for (const [name, setting] of Object.entries<Setting>(settings)) {
    if (setting.json === undefined) continue;
    it(`agrees with miqro about ${name}`, async () => {
      const validate = new Ajv2020({ allowUnionTypes: true }).compile(createJSONSchema());
      for (const value of values) {
        const isKind = Array.isArray(value)
          ? kindsOf(setting).includes("string[]") && typeof value[0] === "string"
          : kindsOf(setting).includes(typeof value);
        assert.equal(validate({ [name]: value }), isKind, JSON.stringify(value));
        // Of a right kind it can still be refused, such as a port "x".
        if (!isKind) assert.equal(await isTaken({ [name]: value }), false, JSON.stringify(value));
        else if (setting.fault === undefined) assert.equal(await isTaken({ [name]: value }), true);
      }
      assert.equal(validate({ [`${name}s`]: 1 }), false);
    });
  }
});

describe("the README", () => {
  const file = fileURLToPath(new URL("../README.md", import.meta.url));
  const begin = "| key of `miqro.json` | flag | variable | |\n| --- | --- | --- | --- |\n";

  it("lists every setting as the table has it (RECORD=1 writes it anew)", async () => {
    const text = await readFile(file, "utf8");
    const start = text.indexOf(begin) + begin.length;
    const end = text.indexOf("\n\n", start);
    const code = (word: string | undefined) => (word === undefined ? "" : `\`${word}\``);
    const rows = Object.entries<Setting>(settings)
      .filter(([, { readBy, json }]) => readBy !== "environment" || json !== undefined)
      .map(([name, { json, flag, env, help, default: given }]) => {
        const value =
          flag?.value === undefined ? "" : flag.type === "optional" ? `[=${flag.value}]` : ` ${flag.value}`;
        const cells = [
          json === undefined ? "" : code(name),
          code(flag === undefined ? undefined : `--${flag.name}${value}`),
          code(env),
          [help, given === undefined ? undefined : `default ${given.text}`].filter(Boolean).join("; "),
        ];
        return `| ${cells.join(" | ")} |`;
      });
    const wanted = text.slice(0, start) + rows.join("\n") + text.slice(end);
    if (process.env.RECORD === "1") await writeFile(file, wanted);
    else assert.equal(text.slice(start, end), rows.join("\n"));
  });
});
