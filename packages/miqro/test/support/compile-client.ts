import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);
const root = fileURLToPath(new URL("../../../..", import.meta.url));

/** Compilers by their versions; the older one is a part that the first test run installs. */
export const compilers = {
  7: join(root, "node_modules/typescript/bin/tsc"),
  5.9: join(root, "test/parts/node_modules/typescript-5/bin/tsc"),
} as const;

/**
 * Compiles files as strictly as a user can ask for. It resolves to what the compiler says.
 * @param options - the compiler, and options of the compiler that differ
 */
export async function compile(
  folder: string,
  files: readonly string[],
  {
    compiler = compilers[7] as string,
    ...others
  }: { readonly compiler?: string } & Readonly<Record<string, unknown>> = {},
): Promise<string> {
  const compilerOptions = {
    module: "nodenext",
    target: "es2022",
    lib: ["es2023", "dom", "dom.iterable"],
    types: [],
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    noPropertyAccessFromIndexSignature: true,
    noUnusedLocals: true,
    isolatedDeclarations: true,
    declaration: true,
    verbatimModuleSyntax: true,
    erasableSyntaxOnly: true,
    noEmit: true,
    ...others,
  };
  await writeFile(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions, files }));
  return run(process.execPath, [compiler, "-p", folder, "--pretty", "false"]).then(
    () => "",
    (error: { stdout?: string }) => error.stdout ?? String(error),
  );
}
