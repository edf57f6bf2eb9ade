import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { exitCodes, MiqroError } from "../../errors.js";

const tsconfig = {
  compilerOptions: {
    target: "es2022",
    module: "nodenext",
    moduleResolution: "nodenext",
    lib: ["es2023", "dom", "dom.iterable"],
    types: ["node", "miqro"],
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

/** `miqro --install-tsconfig`: a `tsconfig.json` with which tsc writes what `miqro --no-build` runs. */
export function installTsconfig(): number {
  writeNew("tsconfig.json", tsconfig);
  const changed = makeModule();
  console.log(`Wrote tsconfig.json${changed ? ', and set "type": "module" in package.json' : ""}.`);
  console.log("Next: npx tsc, then npx miqro --no-build --service DIR");
  return exitCodes.ok;
}

/** Writes JSON to a file of that name, unless there is one. */
export function writeNew(name: string, value: object): void {
  if (existsSync(name)) {
    throw new MiqroError("ERR_ARGUMENT", `There is a ${name} already; it stays as it is. Remove it first.`);
  }
  writeFileSync(name, `${JSON.stringify(value, null, 2)}\n`, { flag: "wx" });
}

/** Without this line tsc writes CommonJS, which browsers cannot load. */
function makeModule(): boolean {
  if (!existsSync("package.json")) {
    writeFileSync("package.json", `${JSON.stringify({ private: true, type: "module" }, null, 2)}\n`);
    return true;
  }
  const text = readFileSync("package.json", "utf8");
  const json = JSON.parse(text) as Record<string, unknown>;
  if (json.type === "module") return false;
  const indent = /^[ \t]+/m.exec(text)?.[0] ?? "  ";
  writeFileSync("package.json", `${JSON.stringify({ ...json, type: "module" }, null, indent)}\n`);
  return true;
}
