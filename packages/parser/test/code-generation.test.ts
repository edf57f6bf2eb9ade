import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { describe, it } from "node:test";
import { promisify } from "node:util";
import { compile } from "@miqro/parser";

const script = `
  import { compile } from "@miqro/parser";
  const { parse, is } = compile({ n: "number", list: "string[]!" }, { coerce: true });
  console.log(JSON.stringify([parse({ n: "1", list: "x" }), is({ n: "1", list: [] })]));
`;

describe("compile", () => {
  it("makes frozen objects, whose functions need no this", () => {
    const schema = compile({ n: "number" }, { coerce: true });
    assert.ok(Object.isFrozen(schema) && Object.isFrozen(schema["~standard"]));
    const { parse, safeParse, is, jsonSchema, "~standard": standard } = schema;
    assert.deepEqual(parse({ n: "1" }), { n: 1 });
    assert.deepEqual(safeParse({ n: "1" }), { success: true, value: { n: 1 } });
    assert.equal(is({ n: "1" }), false);
    assert.deepEqual(standard.validate({ n: "1" }), { value: { n: 1 } });
    assert.equal(jsonSchema, schema.jsonSchema);
  });

  for (const flag of [
    "--disallow-code-generation-from-strings",
    "--disable-proto=throw",
    "--disable-proto=delete",
  ]) {
    it(`works under ${flag}`, async () => {
      const args = [flag, "--input-type=module", "--eval", script];
      const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: import.meta.dirname });
      assert.equal(stdout.trim(), '[{"n":1,"list":["x"]},false]');
    });
  }
});
