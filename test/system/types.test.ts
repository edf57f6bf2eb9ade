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
      const options = {
        moduleResolution,
        module,
        target: "es2022",
        lib: ["es2023", "dom", "dom.iterable"],
        // Its own types bring those of Node.js, which not every package manager puts where tsc looks.
        types: ["miqro"],
        strict: true,
        exactOptionalPropertyTypes: true,
        noUncheckedIndexedAccess: true,
        skipLibCheck: false,
        noEmit: true,
      };
      await writeFile(
        join(folder, "tsconfig.json"),
        JSON.stringify({ compilerOptions: options, files: ["program.ts"] }),
      );
      const said = await run(process.execPath, [compilers[compiler], "-p", folder, "--pretty", "false"]).then(
        () => "",
        (error: { stdout?: string }) => error.stdout ?? String(error),
      );
      assert.equal(said, "");
    });
  }
});
