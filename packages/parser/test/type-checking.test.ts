import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const folder = fileURLToPath(new URL("../", import.meta.url));
const tsc = fileURLToPath(new URL("../../../node_modules/typescript/bin/tsc", import.meta.url));

/** A schema of ten fields, as many kinds of forms as one service has, no two alike. */
function schemaSource(index: number): string {
  return `export const parsed${index} = compile({
  id${index}: "integer",
  name: { type: "string", minLength: ${index} },
  email: "email?",
  tags: "string[]!",
  role: { type: "enum", values: ["admin", "user${index}"] },
  either: "string|number[]|null",
  address: { street: "string", city: { type: "string?", default: "Rome" }, point: { x: "number", y: "number" } },
  parts: { type: "array", items: { type: "object?", properties: { at: "datetime", n${index}: "bigint?" } } },
  shape: { type: "union", discriminator: "k", anyOf: [{ k: { type: "literal", value: 1 } }, { k: { type: "literal", value: 2 }, more: { type: "dict", values: "boolean" } }] },
  tree: { type: "object", id: "tree", properties: { value: "number", children: { type: "array", items: { type: "ref", ref: "tree" } } } },
}).parse(null);
export const used${index}: [number, string, number | undefined, "admin" | "user${index}", bigint | undefined] = [
  parsed${index}.id${index}, parsed${index}.address.city, parsed${index}.tree.children[0]?.children[0]?.value, parsed${index}.role, parsed${index}.parts[0]?.n${index},
];
`;
}

describe("the compiler", () => {
  it("checks a file of 500 schemas in about a million steps", async () => {
    const work = await mkdtemp(join(folder, "dist-test", "types-"));
    try {
      const schemas = Array.from({ length: 500 }, (_, index) => schemaSource(index));
      await writeFile(
        join(work, "schemas.ts"),
        `import { compile } from "@miqro/parser";\n${schemas.join("")}`,
      );
      const compilerOptions = {
        module: "nodenext",
        target: "es2023",
        lib: ["es2023"],
        types: [],
        strict: true,
        noEmit: true,
      };
      await writeFile(
        join(work, "tsconfig.json"),
        JSON.stringify({ compilerOptions, files: ["schemas.ts"] }),
      );
      const check = promisify(execFile)(process.execPath, [
        tsc,
        "-p",
        work,
        "--extendedDiagnostics",
        "--pretty",
        "false",
      ]);
      const { stdout } = await check.catch((error: { stdout: string }) =>
        assert.fail(error.stdout.slice(0, 2000)),
      );
      // The time is up to the machine, and measured by the benchmarks: a million are about two seconds.
      const steps = Number(/^Instantiations:\s+(\d+)/m.exec(stdout)?.[1]);
      assert.ok(steps > 1000 && steps < 1_000_000, `it took ${steps}`);
    } finally {
      await rm(work, { recursive: true });
    }
  });
});
