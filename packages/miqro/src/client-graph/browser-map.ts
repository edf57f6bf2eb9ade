import { posix, relative, sep } from "node:path";
import type { BrowserMap, MappedScope } from "./package-scopes.js";

const extensions = ["", ".js", ".mjs", ".cjs", ".json"];

/**
 * Looks up a file of a package in the `browser` map of the package.
 * @param file the absolute path, with or without its extension; a folder means its index file
 * @returns `undefined` if the map does not contain the file
 */
export function mappedFile({ folder, map }: MappedScope, file: string): string | false | undefined {
  const path = relative(folder, file).split(sep).join("/");
  if (path === ".." || path.startsWith("../")) return undefined;
  for (const key of spellingsOf(path)) {
    // `"ws": "./lib/ws.js"` replaces the package `ws`, and not a file `ws.js`.
    const isPath = key.includes("/") || posix.extname(key) !== "";
    const found = lookUp(map, `./${key}`) ?? (isPath ? lookUp(map, key) : undefined);
    if (found !== undefined) return found;
  }
  return undefined;
}

/**
 * Looks up a name in the `browser` map of a package: another package, a module of it, or a built-in module of Node.js.
 */
export function mappedName({ map }: MappedScope, specifier: string): string | false | undefined {
  return lookUp(map, specifier) ?? lookUp(map, specifier.replace(/^node:/, ""));
}

function spellingsOf(path: string): string[] {
  const extension = posix.extname(path);
  const isKnown = extension !== "" && extensions.includes(extension);
  return [
    ...extensions.map((added) => path + added),
    ...extensions.map((added) => posix.join(path, "index") + added),
    ...(isKnown ? [path.slice(0, -extension.length)] : []),
  ];
}

function lookUp(map: BrowserMap, key: string): string | false | undefined {
  return Object.hasOwn(map, key) ? map[key] : undefined;
}
