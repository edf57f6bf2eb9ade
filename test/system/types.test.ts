import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { globSync, readFileSync } from "node:fs";
import { mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);
const root = fileURLToPath(new URL("../..", import.meta.url));

/** Every entry of every package, as an import names it. */
const entries = globSync("packages/*/package.json", { cwd: root }).flatMap((path) => {
  const { name, exports } = JSON.parse(readFileSync(join(root, path), "utf8")) as {
    name: string;
    exports: Readonly<Record<string, unknown>>;
  };
  return Object.keys(exports).map((key) => name + key.slice(1));
});

const program = `${entries.map((entry, index) => `import * as entry${index} from "${entry}";`).join("\n")}
import type { ErrorHandler, Handler, Middleware, Request, Response } from "miqro";
export const entries = [${entries.map((_, index) => `entry${index}`).join(", ")}];
export const handler: Handler = (req, res) => res.json({ path: req.path, db: req.server.db.get("main") !== null });
export const middleware: Middleware = (req) => {
  req.anything = 1;
};
export const errorHandler: ErrorHandler = (err, _req, res) => res.text(err.message, {}, 500);
export function named(req: Request, res: Response): void {
  res.text(String(req.params.id));
}
// A name that is found nowhere would be \`any\`, and compile.
// @ts-expect-error
export const wrong: Handler = "no function";
`;

describe("the types of every entry, for strict users who check libraries too", () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "miqro-types-"));
    await symlink(join(root, "node_modules"), join(folder, "node_modules"));
    await writeFile(join(folder, "package.json"), '{ "type": "module" }');
    await writeFile(join(folder, "program.ts"), program);
  });
  after(() => rm(folder, { recursive: true }));

  const compilers = {
    "TypeScript 7": join(root, "node_modules/typescript/bin/tsc"),
    "TypeScript 5.9": join(root, "test/parts/node_modules/typescript-5/bin/tsc"),
  } as const;
  const check = async (compiler: keyof typeof compilers, options: object, ...flags: string[]) => {
    const compilerOptions = {
      target: "es2022",
      lib: ["es2023", "dom", "dom.iterable"],
      // Its own types bring those of Node.js, which not every package manager puts where tsc looks.
      types: ["miqro"],
      strict: true,
      exactOptionalPropertyTypes: true,
      noUncheckedIndexedAccess: true,
      skipLibCheck: false,
      noEmit: true,
      ...options,
    };
    await writeFile(
      join(folder, "tsconfig.json"),
      JSON.stringify({ compilerOptions, files: ["program.ts"] }),
    );
    const args = [compilers[compiler], "-p", folder, "--pretty", "false", ...flags];
    return run(process.execPath, args).then(
      ({ stdout }) => stdout,
      (error: { stdout?: string }) => error.stdout ?? String(error),
    );
  };
  const cases: readonly [compiler: keyof typeof compilers, moduleResolution: string, module: string][] = [
    ["TypeScript 7", "nodenext", "nodenext"],
    ["TypeScript 7", "bundler", "esnext"],
    ["TypeScript 5.9", "nodenext", "nodenext"],
    ["TypeScript 5.9", "bundler", "esnext"],
    ["TypeScript 5.9", "node10", "esnext"],
    ["TypeScript 5.9", "node10", "commonjs"],
  ];
  for (const [compiler, moduleResolution, module] of cases) {
    it(`are found by ${compiler} under ${moduleResolution}, for ${module}`, async () => {
      assert.equal(await check(compiler, { moduleResolution, module }), "");
    });
  }

  for (const compiler of ["TypeScript 7", "TypeScript 5.9"] as const) {
    it(`need no DOM with ${compiler}, but those of @miqro/jsx-dom`, async () => {
      const imported = entries.filter((entry) => !entry.startsWith("@miqro/jsx-dom"));
      const list = imported.map((entry, index) => `export * as entry${index} from "${entry}";`);
      await writeFile(join(folder, "program.ts"), list.join("\n"));
      const module = { moduleResolution: "nodenext", module: "nodenext" };
      assert.equal(await check(compiler, { ...module, lib: ["es2023"] }), "");
    });
  }

  it("ask TypeScript 7 for a bounded number of types: 50 statements of each kind on a schema of 200 tables", async () => {
    await writeFile(join(folder, "program.ts"), writeQueries(200, 30, 50));
    const module = { moduleResolution: "nodenext", module: "nodenext", skipLibCheck: true };
    const said = await check("TypeScript 7", module, "--extendedDiagnostics");
    assert.doesNotMatch(said, /error/);
    const count = Number(/Instantiations:\s+(\d+)/.exec(said)?.[1]);
    // 225,000 when this was written; another builder went from 0.6 to 9.8 million with this compiler.
    assert.ok(count > 10_000 && count < 260_000, `${count} instantiations`);
  });
});

/** A program with statements to many tables of many columns, typed by a schema. */
function writeQueries(tables: number, columns: number, statements: number): string {
  const types = ["string", "number", "boolean | null", "Date"];
  const count = <T>(length: number, toItem: (index: number) => T): T[] =>
    Array.from({ length }, (_, index) => toItem(index));
  const row = count(columns, (index) => `c${index}: ${types[index % types.length]};`).join(" ");
  return [
    'import type { Database } from "@miqro/query";',
    ...count(tables, (t) => `interface T${t} { id: number; parent${t}: number; ${row} }`),
    `interface Schema { ${count(tables, (t) => `t${t}: T${t};`).join(" ")} }`,
    "declare const db: Database<Schema>;",
    ...count(
      statements,
      (t) => `export async function query${t}() {
        const [row] = await db.select("t${t}.id", "t${t}.c0", "t${t + 1}.c1").from("t${t}")
          .join("t${t + 1}", "t${t + 1}.parent${t + 1}", "=", "t${t}.id")
          .leftJoin("t${t + 2}", "t${t + 2}.id", "=", "t${t + 1}.id")
          .eq("t${t}.c1", 1).gt("t${t + 1}.c3", new Date()).in("t${t}.c0", ["a", "b"])
          .order("t${t}.id", "DESC").limit(10).yield();
        await db.insert("t${t}").values({ c0: "x", c1: 1 }).returning("id", "c0").yield();
        await db.update("t${t}").set({ c0: "y" }).eq("id", 1).returning("id").yield();
        await db.delete("t${t}").in("id", [1, 2]).yield();
        return row?.c1;
      }`,
    ),
  ].join("\n");
}
