import { existsSync, readFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import { basename, dirname, extname, isAbsolute, join, resolve, sep } from "node:path";
import { findUpwards } from "../build/find-upwards.js";
import { whyNotModule } from "../build/output-finder.js";
import { type Position, toPath, toPlace } from "./read-position.js";
import type { ServiceFile } from "./scan-service.js";

/**
 * Describes an error that Node.js throws for an import, with a remedy where its cause is known. Undefined for any other
 * error, which the code of the app has thrown.
 */
export function describeImportError(
  error: Error,
  file: ServiceFile,
  position: Position | undefined,
): string | undefined {
  const { code, requireStack } = error as NodeJS.ErrnoException & {
    readonly requireStack?: readonly string[];
  };
  // The output of miqro's compiler is in a separate folder, below which it has the path of its source.
  const toSource = (text: string) =>
    file.buildFolder === undefined ? text : text.replaceAll(file.buildFolder, "");
  const message = toSource(error.message);
  // The error contains the importing module as a path or as a URL.
  const where = position === undefined ? "" : ` (${toSource(toPlace(position))})`;
  const importer = /imported from (.*)$/m.exec(message)?.[1] ?? requireStack?.map(toSource)[0];
  const who =
    importer === undefined || importer === toSource(file.file) ? "it imports" : `${toPath(importer)} imports`;
  const name = /^Cannot find package '([^']+)'/.exec(message)?.[1];
  if (code === "ERR_MODULE_NOT_FOUND" && name !== undefined) {
    // A package whose "main" names a file that it does not have.
    return isAbsolute(name) ? missingFile(name, who, importer) : missingPackage(name, who, importer);
  }
  const path = /^Cannot find module '([^']+)'/.exec(message)?.[1];
  if (code === "ERR_MODULE_NOT_FOUND" && path !== undefined) return missingFile(path, who, importer);
  if (code === "MODULE_NOT_FOUND" && path !== undefined) {
    if (!/^\.{0,2}[\\/]/.test(path)) return missingPackage(toPackageName(path), who, importer);
    return missingFile(resolve(dirname(importer ?? file.file), path), who, importer);
  }
  if (code === "ERR_UNSUPPORTED_DIR_IMPORT") {
    const folder = /^Directory import '([^']+)'/.exec(message)?.[1] ?? "a folder";
    const index = ["index.js", "index.mjs"].find((one) => existsSync(join(folder, one)));
    return `${who} the folder ${folder}. Name the file in it${index === undefined ? "" : `, as in "./${basename(folder)}/${index}"`}.`;
  }
  if (code === "ERR_PACKAGE_IMPORT_NOT_DEFINED") {
    const [, asked] = /specifier "([^"]+)"/.exec(message) ?? [];
    return `${who} "${asked ?? "#..."}", which "imports" of package.json does not define. Add it there, or write a relative import.`;
  }
  if (code === "ERR_INVALID_PACKAGE_CONFIG") {
    const path = /package config (.*?package\.json)/.exec(message)?.[1] ?? "package.json";
    return `${path} ${whyNotJSON(path)}. Correct it first.`;
  }
  if (code === "ERR_PACKAGE_PATH_NOT_EXPORTED") return `${who} what a package does not export: ${message}.`;
  if (extname(file.file) === ".json")
    return "it is JSON, which exports nothing that can run. Name a .js file.";
  // Node.js 20 has another code for it.
  if (code === "ERR_IMPORT_ATTRIBUTE_MISSING" || code === "ERR_IMPORT_ASSERTION_TYPE_MISSING") {
    return `${who} JSON. Write: import data from "./data.json" with { type: "json" }.`;
  }
  if (code === "ERR_UNKNOWN_FILE_EXTENSION") {
    const path = / for (.*)$/.exec(message)?.[1] ?? "";
    const extension = extname(path);
    if (path === file.file)
      return `Node.js cannot run a file with the extension "${extension}".${remedyForExtension(extension)}`;
    return `it imports a file that Node.js cannot run: ${message}.${remedyForExtension(extension)}`;
  }
  const factory = /^(JSX|React) is not defined/.exec(message)?.[1];
  if (error instanceof ReferenceError && factory === "JSX") {
    return `it has JSX, but no factory for it${where}. Write: import JSX from "@miqro/jsx"`;
  }
  if (error instanceof ReferenceError && factory === "React") {
    return `it was compiled for React. Set "jsxFactory": "JSX.createElement" and "jsxFragmentFactory": "JSX.Fragment" in tsconfig.json, and run tsc again.`;
  }
  if (error instanceof ReferenceError && / before initialization$/.test(message)) {
    return `${error.name}: ${message}${where}. If modules import each other in a circle, move what both need into a third one.`;
  }
  if (error instanceof SyntaxError) {
    if (error.message === "Unexpected token '<'" && position?.file.startsWith(file.source)) {
      return `Node.js cannot run JSX${where}. Rename the file to .tsx, and compile it with tsc.`;
    }
    return `${error.name}: ${message}${where}${remedyForSyntax(message, position)}`;
  }
  if (
    error instanceof ReferenceError &&
    /^(?:module|exports|require|__dirname|__filename) is not defined/.test(error.message)
  ) {
    const [word = ""] = error.message.split(" ");
    return `it uses "${word}", which ES modules do not have. Write ${inModules[word] ?? "import and export"} in its place${where}.`;
  }
  return undefined;
}

const inModules: Readonly<Record<string, string>> = {
  module: "export default",
  exports: "export",
  require: "import",
  __dirname: "import.meta.dirname",
  __filename: "import.meta.filename",
};

function missingPackage(name: string, who: string, importer: string | undefined): string {
  const imports = `${who} the package "${name}", which is not installed`;
  if (name === "react" && importer !== undefined && isJSX(toPath(importer))) {
    return `${imports}. To use JSX without React, set "jsx": "react-jsx" and "jsxImportSource": "@miqro/jsx" in tsconfig.json.`;
  }
  if (/^[@~]\/?$|^@\/|^~/.test(name) || name === "@") {
    return `${who} "${name}...", a path alias of tsconfig.json. tsc does not change it, and Node.js cannot resolve it: write a relative import.`;
  }
  if (importer?.includes(`${sep}node_modules${sep}`)) return `${imports}. Run "npm install" again.`;
  const packageJSON = findUpwards(dirname(toPath(importer ?? process.cwd())), "package.json");
  if (packageJSON !== undefined && existsSync(join(dirname(packageJSON), `${name}.js`))) {
    return `${imports}. For the file of that name write a relative import: "./${name}.js".`;
  }
  if (isBuiltin(`node:${name}`)) return `${imports}. Write "node:${name}" for the module of Node.js.`;
  return /^(?:@[\w.-]+\/)?[\w.-]+$/.test(name)
    ? `${imports}. Run "npm install ${name}".`
    : `${imports}, which is not the name of a package.`;
}

function whyNotJSON(path: string): string {
  try {
    JSON.parse(readFileSync(path, "utf8"));
    return "is not that of a package";
  } catch (error) {
    return `is not JSON: ${(error as Error).message}`;
  }
}

/** The remedy for code of an ES module in CommonJS, and for names of a CommonJS package. */
function remedyForSyntax(message: string, position: Position | undefined): string {
  if (/^(?:Unexpected token 'export'|Cannot use import statement outside)/.test(message)) {
    const why = position === undefined ? undefined : whyNotModule(position.file);
    return why === undefined ? "" : `: ${why}`;
  }
  const [, name] =
    /^The requested module '([^./'][^']*)' does not provide an export named/.exec(message) ?? [];
  return name === undefined ? "" : `. If it is a CommonJS package, write: import all from "${name}"`;
}

/** The package of a specifier: `@a/b` of `@a/b/c`. */
function toPackageName(specifier: string): string {
  return specifier.split("/", specifier.startsWith("@") ? 2 : 1).join("/");
}

/** Whether a file has calls that a compiler writes for JSX. */
function isJSX(file: string): boolean {
  return [file, file.replace(/\.js$/, ".tsx")].some(
    (one) =>
      existsSync(one) &&
      (/\.tsx$/.test(one) || /["']react\/jsx-(?:dev-)?runtime["']/.test(readFileSync(one, "utf8"))),
  );
}

function remedyForExtension(extension: string): string {
  if (extension === ".css") return " Link a style sheet from the page in place of importing it.";
  if (/^\.[mc]?tsx?$|^\.jsx$/.test(extension))
    return " Compile it with tsc, and name the .js file that tsc writes.";
  return "";
}

function missingFile(path: string, who: string, importer: string | undefined): string {
  const imports = `${who} ${path}, which does not exist`;
  const modules = `${sep}node_modules${sep}`;
  if (path.includes(modules) && importer?.includes(modules)) {
    return `${imports}: the files of that package are incomplete. Delete node_modules, and run "npm install".`;
  }
  if (path.includes(modules)) return `${imports}: the package has no such file.`;
  const found = [".js", ".mjs", "/index.js"].find((ending) => existsSync(path + ending));
  if (found !== undefined)
    return `${imports}. Write the name with its extension: "${basename(path)}${found}".`;
  // The sources appear here only if miqro has compiled them.
  const asSource = [".ts", ".tsx"].find((ending) => existsSync(path + ending));
  if (asSource !== undefined) return `${imports}. Write the name with its extension: "${basename(path)}.js".`;
  const source = path.replace(/\.([mc]?)jsx?$/, ".$1ts");
  if (source === path && /\.[mc]?tsx?$/.test(path) && existsSync(path)) {
    return `${imports}. Write ".js" in place of "${extname(path)}": the compiled file is what runs.`;
  }
  if (existsSync(path) && !/\.[mc]?[jt]sx?$/.test(path)) {
    return `${who} ${path}, which Node.js cannot run.${remedyForExtension(extname(path))}`;
  }
  if ([source, `${source}x`].some((one) => existsSync(one))) return `${imports}. Run "npx tsc" to write it.`;
  if (/\.[mc]?tsx?$/.test(path)) {
    return `${imports}. Write ".js" in place of "${extname(path)}": the compiled file is what runs.`;
  }
  return `${imports}.`;
}
