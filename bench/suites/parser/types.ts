import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { median } from "../../lib/median.ts";
import { atMost, type Result } from "../../lib/result.ts";

const work = fileURLToPath(new URL("../../.cache/types/", import.meta.url));
const tsc = fileURLToPath(new URL("../../../node_modules/typescript/bin/tsc", import.meta.url));
const runs = 5;

const sources: Readonly<Record<string, (index: number) => string>> = {
  miqro: (index) => `export const user${index} = compile({
  id${index}: "integer", name: "string1", email: "email", age: "integer?", active: "boolean",
  role: { type: "enum", values: ["admin", "user${index}"] }, score: "number", tags: "string[]",
  nickname: { type: "string", nullable: true }, address: { street: "string", city: "string" },
}).parse(null);
export const used${index}: [number, "admin" | "user${index}", string] = [user${index}.id${index}, user${index}.role, user${index}.address.city];
`,
  zod: (index) => `export const user${index} = z.strictObject({
  id${index}: z.int(), name: z.string().min(1), email: z.email(), age: z.int().optional(), active: z.boolean(),
  role: z.enum(["admin", "user${index}"]), score: z.number(), tags: z.array(z.string()),
  nickname: z.string().nullable(), address: z.strictObject({ street: z.string(), city: z.string() }),
}).parse(null);
export const used${index}: [number, "admin" | "user${index}", string] = [user${index}.id${index}, user${index}.role, user${index}.address.city];
`,
};

const imports: Readonly<Record<string, string>> = {
  miqro: 'import { compile } from "@miqro/parser";\n',
  zod: 'import { z } from "zod";\n',
};

/** What the compiler says it takes to check a file of 500 schemas of ten fields, no two alike. */
export async function checkTypes(): Promise<Result> {
  const times = new Map(Object.keys(sources).map((name) => [name, [] as number[]]));
  for (let run = 0; run < runs; run++) for (const [name, list] of times) list.push(checkOnce(name));
  rmSync(work, { recursive: true });
  const time = (name: string) => median(times.get(name) ?? []);
  return {
    title: "parser: type checking 500 schemas",
    note: `"Check time" of tsc, medians of ${runs} interleaved runs.`,
    columns: ["", "time"],
    rows: Object.keys(sources).map((name) => [name, `${time(name).toFixed(2)} s`]),
    targets: [atMost("time", 3, time("miqro"), " s")],
  };
}

function checkOnce(name: string): number {
  mkdirSync(work, { recursive: true });
  const schemas = Array.from({ length: 500 }, (_, index) => sources[name]?.(index));
  writeFileSync(join(work, "schemas.ts"), `${imports[name]}${schemas.join("")}`);
  const compilerOptions = {
    module: "nodenext",
    target: "es2023",
    lib: ["es2023"],
    types: [],
    skipLibCheck: true,
    strict: true,
    noEmit: true,
  };
  writeFileSync(join(work, "tsconfig.json"), JSON.stringify({ compilerOptions, files: ["schemas.ts"] }));
  const output = execFileSync(process.execPath, [tsc, "-p", work, "--extendedDiagnostics"], {
    encoding: "utf8",
  });
  return Number(/^Check time:\s+([\d.]+)s/m.exec(output)?.[1]);
}
