import { existsSync, readFileSync, realpathSync } from "node:fs";
import { basename, dirname, extname, isAbsolute, join, relative, resolve, sep } from "node:path";
import { createFilesMatcher, parseTsconfig, type TsConfigResult } from "get-tsconfig";
import { MiqroError, messageOf } from "../errors.js";
import { loadCarried } from "../load-on-use.js";
import { findUpwards } from "./find-upwards.js";

/** The path of the output of a source, and the config that decides it. */
export interface Output {
  readonly source: string;
  /** The JavaScript file; the source itself if it is JavaScript that runs as it was written. It need not exist yet. */
  readonly file: string;
  /** The `tsconfig.json` that compiles the source; absent for JavaScript sources. */
  readonly tsconfig?: string;
  /** The folder with all outputs of that config; absent if the outputs are beside their sources. */
  readonly outDir?: string;
}

/** Finds compiled files. Each finder reads each config once. */
export interface OutputFinder {
  /**
   * The output of a source file.
   * @throws {MiqroError} `MIQRO_COMPILE` if no config compiles it, or if the config keeps the output from being written
   * or run (`noEmit`, `jsx: preserve`). The message contains the line to change.
   */
  find(source: string): Output;
  /** Whether the source of a file below an `outDir` was deleted: `tsc` never deletes its outputs. */
  isOrphan(output: string): boolean;
  /** The source folder whose outputs are in this folder, if there is one. */
  sourceFolderOf(outputFolder: string): string | undefined;
}

const outputExtensions: Readonly<Record<string, string>> = {
  ".jsx": ".js",
  ".ts": ".js",
  ".tsx": ".js",
  ".mts": ".mjs",
  ".cts": ".cjs",
};

/** Tells whether `tsc` compiles files with this name. */
export function isTypeScript(file: string): boolean {
  return /\.(?:tsx|[mc]?ts)$/.test(file) && !/\.d\.[mc]?ts$/.test(file);
}

/** Makes a finder that follows `outDir`, `rootDir`, `extends` and `references` of the nearest `tsconfig.json`. */
export function createOutputFinder(): OutputFinder {
  const carried = loadCarried();
  if (carried !== undefined) return carried.createCarriedOutputs();
  const configs = new Map<string, TsConfigResult>();
  const read = (path: string): TsConfigResult => {
    let config = configs.get(path);
    if (config === undefined) {
      config = { path, config: parseConfig(path) };
      configs.set(path, config);
    }
    return config;
  };
  return {
    find(source) {
      if (isInstalled(dirname(source))) return findInstalled(source);
      const config = isTypeScript(source) ? findConfigOf(source, read) : findConfigOfJavaScript(source, read);
      if (config === undefined) return { source, file: source };
      const outDir = outDirOf(config);
      return {
        source,
        file: outputFile(source, config),
        tsconfig: config.path,
        ...(outDir === undefined ? {} : { outDir }),
      };
    },
    isOrphan(output) {
      // tsc copies imported JSON. Besides that, it writes only JavaScript.
      if (!/\.(?:[mc]?jsx?|json)$/.test(output)) return false;
      const path = sourcePathOf(output, read);
      if (path === undefined || existsSync(path)) return false;
      const source = path.replace(/\.([mc]?)jsx?$/, ".$1");
      return !["ts", "tsx", "js", "jsx"].some((extension) => existsSync(source + extension));
    },
    sourceFolderOf(outputFolder) {
      if (isInstalled(outputFolder)) return undefined;
      const folder = sourcePathOf(outputFolder, read);
      return folder !== undefined && existsSync(folder) ? folder : undefined;
    },
  };
}

/**
 * Whether a folder belongs to an installed package. A linked package, as in a workspace, counts as part of the project.
 */
function isInstalled(folder: string): boolean {
  const inside = `${sep}node_modules${sep}`;
  return folder.includes(inside) && existsSync(folder) && realpathSync(folder).includes(inside);
}

/** A package ships the files that run, so the configs around it, and the config of its author, do not apply to it. */
function findInstalled(source: string): Output {
  if (!isTypeScript(source)) return { source, file: source };
  const extension = extname(source);
  const file = source.slice(0, -extension.length) + (outputExtensions[extension] ?? extension);
  if (existsSync(file)) return { source, file };
  throw new MiqroError(
    "MIQRO_COMPILE",
    `it belongs to an installed package, which must contain JavaScript: there is no ${basename(file)} beside it. Name the folder of its compiled files.`,
  );
}

/** The path of the source of an output below an `outDir`, even if this source does not exist. */
function sourcePathOf(output: string, read: (path: string) => TsConfigResult): string | undefined {
  for (const path of tsconfigsUpwards(dirname(output))) {
    for (const config of withReferences(read(path), read)) {
      const outDir = outDirOf(config);
      if (outDir === undefined) continue;
      const inside = relative(outDir, output);
      if (inside.startsWith("..") || isAbsolute(inside)) continue;
      const source = join(rootDirOf(config), inside);
      if (source !== output) return source;
    }
  }
  return undefined;
}

function parseConfig(path: string): TsConfigResult["config"] {
  try {
    return parseTsconfig(path);
  } catch (error) {
    const reason = messageOf(error);
    throw new MiqroError("MIQRO_COMPILE", `${path} cannot be read: ${reason}`, { cause: error });
  }
}

function* tsconfigsUpwards(from: string): Generator<string> {
  let folder: string | undefined = from;
  while (folder !== undefined) {
    const path = findUpwards(folder, "tsconfig.json");
    if (path === undefined) return;
    yield path;
    const parent = dirname(dirname(path));
    folder = parent === dirname(path) ? undefined : parent;
  }
}

/** The first config upwards that compiles the file, by itself or through one of its references. */
function findConfigOf(source: string, read: (path: string) => TsConfigResult): TsConfigResult {
  let nearest: string | undefined;
  for (const path of tsconfigsUpwards(dirname(source))) {
    nearest ??= path;
    const config = read(path);
    for (const candidate of withReferences(config, read)) {
      if (createFilesMatcher(candidate)(source) !== undefined) return candidate;
    }
  }
  throw new MiqroError(
    "MIQRO_COMPILE",
    nearest === undefined
      ? `no tsconfig.json compiles it. Run "miqro --install-tsconfig", then "npx tsc".`
      : `${nearest} does not compile it. Add its folder to "include" there.`,
  );
}

/** The config that compiles a JavaScript source to another file: it has `allowJs` and an `outDir`. */
function findConfigOfJavaScript(
  source: string,
  read: (path: string) => TsConfigResult,
): TsConfigResult | undefined {
  for (const path of tsconfigsUpwards(dirname(source))) {
    for (const candidate of withReferences(read(path), read)) {
      const { allowJs, noEmit, outDir } = candidate.config.compilerOptions ?? {};
      if (allowJs !== true || noEmit === true || outDir === undefined) continue;
      if (createFilesMatcher(candidate)(source) !== undefined) return candidate;
    }
  }
  return undefined;
}

/** A config and all configs that it references, directly or not. */
function withReferences(
  config: TsConfigResult,
  read: (path: string) => TsConfigResult,
  seen: Set<TsConfigResult> = new Set(),
): Set<TsConfigResult> {
  if (seen.has(config)) return seen;
  seen.add(config);
  for (const { path } of config.config.references ?? []) {
    const target = resolve(dirname(config.path), path);
    withReferences(read(extname(target) === ".json" ? target : join(target, "tsconfig.json")), read, seen);
  }
  return seen;
}

function rootDirOf(config: TsConfigResult): string {
  return resolve(dirname(config.path), config.config.compilerOptions?.rootDir ?? ".");
}

function outDirOf({ path, config }: TsConfigResult): string | undefined {
  const { outDir } = config.compilerOptions ?? {};
  return outDir === undefined ? undefined : resolve(dirname(path), outDir);
}

function outputFile(source: string, config: TsConfigResult): string {
  const options = config.config.compilerOptions ?? {};
  for (const option of ["noEmit", "emitDeclarationOnly"] as const) {
    if (options[option] !== true) continue;
    throw new MiqroError(
      "MIQRO_COMPILE",
      `${config.path} prevents tsc from writing it: remove "${option}": true and set "outDir": "dist".`,
    );
  }
  if (/^(?:preserve|react-native)$/i.test(options.jsx ?? "") && extname(source).endsWith("x")) {
    throw new MiqroError(
      "MIQRO_COMPILE",
      `${config.path} does not compile JSX, which Node.js cannot run: set "jsx": "react".`,
    );
  }
  if (/^(?:commonjs|amd|umd|system|none)$/i.test(options.module ?? "")) {
    throw new MiqroError(
      "MIQRO_COMPILE",
      `${config.path} does not write ES modules: set "module": "nodenext" in place of "${options.module}".`,
    );
  }
  const extension = extname(source);
  const name = basename(source, extension) + (outputExtensions[extension] ?? extension);
  const outDir = outDirOf(config);
  if (outDir === undefined) return join(dirname(source), name);
  const inside = relative(rootDirOf(config), dirname(source));
  if (inside.startsWith("..")) {
    throw new MiqroError(
      "MIQRO_COMPILE",
      `it is outside of the "rootDir" of ${config.path}. Set "rootDir" to a folder that holds all sources.`,
    );
  }
  return join(outDir, inside, name);
}

/** The reason why Node.js does not load a `.js` file as an ES module, with the remedy; undefined if it does. */
export function whyNotModule(file: string): string | undefined {
  if (extname(file) !== ".js") return undefined;
  const path = findUpwards(dirname(file), "package.json");
  if (path === undefined)
    return `no package.json is above ${file}. Run "npm init -y" and set "type": "module".`;
  let type: unknown;
  try {
    type = JSON.parse(readFileSync(path, "utf8").replace(/^\uFEFF/, "")).type;
  } catch (error) {
    return `${path} cannot be read: ${messageOf(error)}`;
  }
  return type === "module" ? undefined : `${path} lacks "type": "module": add that line and run tsc again.`;
}
