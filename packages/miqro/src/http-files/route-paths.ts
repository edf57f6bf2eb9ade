import type { RouteOptions } from "@miqro/core";
import type { HttpFile } from "../service/scan-service.js";
import type { Claim, LoadedHttpFile } from "./http-file-kind.js";

/** The type of the export `apiOptions` of a file below `http/`: all of a route declaration except its handler. */
export interface APIOptions extends RouteOptions {
  /** Relative to the file's folder; null fits every path below it. Defaults to the file's name. */
  readonly path?: string | readonly string[] | null | undefined;
}

/** The methods of a route, upper-cased; GET where none are named. */
export function routeMethods({ method = "GET" }: APIOptions): string[] {
  return [method].flat().map((name) => name.toUpperCase());
}

/** The full paths of a route: those that its options give relative to the file's folder, else those of its name. */
export function routePaths(file: Pick<HttpFile, "folder" | "paths">, { path }: APIOptions): string[] {
  if (path === undefined) return [...file.paths];
  if (path === null) return [file.folder, `${file.folder}*`];
  return [path].flat().map((given) => `${file.folder}${given.replace(/^\/+/, "")}`);
}

/** The same text for all paths that fit the same requests: parameter names and a trailing slash do not count. */
export function pathShape(path: string): string {
  return path.replace(/:[^/?]+/g, ":").replace(/(?<=.)\/+$/, "");
}

/** The text that is the same for claims of the same requests. */
export function claimKey({ method, path, suffix = "" }: Claim): string {
  return `${method} ${pathShape(path)}${suffix}`;
}

/** The requests that a file answers. */
export function claimsOf({ kind, file, value }: LoadedHttpFile): readonly Claim[] {
  return (
    kind.claims?.(file, value) ?? file.paths.map((path) => ({ method: "GET", path, suffix: file.suffix }))
  );
}
