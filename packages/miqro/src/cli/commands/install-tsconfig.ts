import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { exitCodes, MiqroError, messageOf } from "../../errors.js";

/** The options of `tsc`, which writes the files that `miqro --no-build` runs. */
export const tsconfig: object = {
  compilerOptions: {
    target: "es2022",
    module: "nodenext",
    moduleResolution: "nodenext",
    lib: ["es2023", "dom", "dom.iterable"],
    // The types of miqro include those of Node.js, which not every package manager installs in a folder that tsc
    // searches.
    types: ["miqro"],
    jsx: "react",
    jsxFactory: "JSX.createElement",
    jsxFragmentFactory: "JSX.Fragment",
    strict: false,
    skipLibCheck: true,
    sourceMap: true,
    rootDir: ".",
    outDir: "dist",
  },
};

/**
 * `miqro --install-tsconfig`: writes a `tsconfig.json` with which tsc writes the files that `miqro --no-build` runs.
 */
export function installTsconfig(): number {
  // This file is read first, so that an error in it leaves no half-finished work.
  const packageJSON = readPackageJSON();
  writeNew("tsconfig.json", tsconfig);
  const changed = makeModule(packageJSON);
  console.log(`Wrote tsconfig.json${changed ? ', and set "type": "module" in package.json' : ""}.`);
  console.log("Next: npx tsc, then npx miqro --no-build --service DIR");
  return exitCodes.ok;
}

/** Writes a value as JSON to a file, unless the file exists. */
export function writeNew(name: string, value: object): void {
  if (existsSync(name)) {
    throw new MiqroError(
      "MIQRO_ARGUMENT",
      `There is already a ${name}, which was not changed. Remove it first.`,
    );
  }
  writeFileSync(name, `${JSON.stringify(value, null, 2)}\n`, { flag: "wx" });
}

interface PackageJSON {
  readonly text: string;
  readonly json: Readonly<Record<string, unknown>>;
}

function readPackageJSON(): PackageJSON {
  if (!existsSync("package.json")) return { text: "", json: { private: true } };
  const text = readFileSync("package.json", "utf8").replace(/^\uFEFF/, "");
  try {
    return { text, json: JSON.parse(text) as Record<string, unknown> };
  } catch (error) {
    const reason = messageOf(error);
    throw new MiqroError("MIQRO_CONFIG", `package.json is not JSON: ${reason}. Correct it first.`);
  }
}

/** Without this line tsc writes CommonJS, which browsers cannot load. */
function makeModule({ text, json }: PackageJSON): boolean {
  if (json.type === "module") return false;
  const indent = /^[ \t]+/m.exec(text)?.[0] ?? "  ";
  const lines = `${JSON.stringify({ ...json, type: "module" }, null, indent)}\n`;
  writeFileSync("package.json", text.includes("\r\n") ? lines.replaceAll("\n", "\r\n") : lines);
  return true;
}
