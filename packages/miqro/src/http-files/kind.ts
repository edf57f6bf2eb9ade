import { sep } from "node:path";
import { type HttpFileEntry, httpFiles } from "./table.js";

/** The parts of the name of a file below `http/`. */
export interface FileName {
  /** The name without the extension of a script. */
  readonly base: string;
  /** Whether it is JavaScript or TypeScript. */
  readonly isScript: boolean;
}

/** A file below `http/`, read as a route. */
export interface RouteName {
  /** A kind of the table, or `private`, or `static`. */
  readonly kind: string;
  /** The last part of the paths of the file, without the folder: `list` for `list.api.ts`. */
  readonly names: readonly string[];
}

// The case of letters does not matter, because some file systems find x.api.ts by the name x.API.TS.
const script = /\.(?:[mc]?[jt]s|[jt]sx)$/i;
const privateName =
  /^[._#]|\.test\.|\.d\.[mc]?ts$|\.map$|\.(?:sqlite3?|db)(?:-\w+)?$|[~#]$|\.(?:bak|orig|rej|sw[a-p]|tsbuildinfo)$/i;

/** Whether a file is JavaScript or TypeScript. */
export function isScript(name: string): boolean {
  return script.test(name);
}

/**
 * Reads the kind of a file in `http/` from its name.
 * @param name - the file's name without its folder
 */
export function fileKind(name: string): RouteName {
  if (privateName.test(name)) return { kind: "private", names: [] };
  const found = findEntry(name);
  if (found !== undefined) {
    return { kind: found.entry.kind, names: found.names };
  }
  return isScript(name) ? { kind: "private", names: [] } : { kind: "static", names: [name] };
}

/** Whether a path below `http/` is served as a plain file. */
export function isServedFile(relativePath: string): boolean {
  const parts = relativePath.split(sep === "\\" ? /[\\/]/ : "/");
  const name = parts.pop() ?? "";
  return parts.every((part, depth) => !isPrivateFolder(part, depth)) && fileKind(name).kind === "static";
}

const database = /\.(?:sqlite3?|db)(?:-\w+)?$/i;
const sourceMap = /\.(?:[mc]?js|css)\.map$/i;

/**
 * Whether a path below `static/` is served. Files that are probably there by mistake are not served: databases and, in
 * production, source maps.
 */
export function isServedStatic(relativePath: string): boolean {
  if (database.test(relativePath)) return false;
  return process.env.NODE_ENV === "development" || !sourceMap.test(relativePath);
}

/**
 * Whether a folder below `http/` is private. The exception is `.well-known`, in which clients look for files with fixed
 * names (RFC 8615).
 * @param depth - 0 for a folder directly in `http/`
 */
export function isPrivateFolder(name: string, depth: number): boolean {
  return /^[._]/.test(name) && !(depth === 0 && name === ".well-known");
}

/** The row of the table for a file name, and the last parts of its routes. */
export function findEntry(
  name: string,
): { readonly entry: HttpFileEntry; readonly names: readonly string[] } | undefined {
  const base = name.replace(script, "");
  const file = { base, isScript: base !== name };
  for (const entry of httpFiles) {
    const names = entry.names(file);
    if (names !== undefined) return { entry, names };
  }
  return undefined;
}

/** The last part of a route's path. */
export interface RouteToken {
  readonly token: string;
  /** The suffix that the value of the parameter must have: `.html` for `[id].html`. */
  readonly suffix?: string;
}

/** The route token of a file or folder name: `[id]` is `:id`, `[...rest]` is `*`. */
export function routeToken(name: string): RouteToken {
  const [, dots, parameter, suffix] = /^\[(\.\.\.)?([^[\]]+)\](\.[^[\]]*)?$/.exec(name) ?? [];
  if (parameter === undefined) return { token: name };
  const token = dots === undefined ? `:${parameter}` : "*";
  return suffix === undefined ? { token } : { token, suffix };
}
