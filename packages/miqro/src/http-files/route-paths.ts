import type { RouteOptions } from "@miqro/core";
import type { HttpFile } from "../service/scan-service.js";
import type { Claim, LoadedHttpFile } from "./http-file-kind.js";

/** The type of the export `apiOptions` of a file below `http/`: all of a route declaration except its handler. */
export interface APIOptions extends RouteOptions {
  /** Relative to the file's folder. null matches every path below the folder. Defaults to the file's name. */
  readonly path?: string | readonly string[] | null | undefined;
}

/** The methods of a route in upper case. Default: GET. */
export function routeMethods({ method = "GET" }: APIOptions): string[] {
  return [method].flat().map((name) => name.toUpperCase());
}

/**
 * The full paths of a route: the paths in its options, relative to the file's folder, or else the paths from its name.
 */
export function routePaths(file: Pick<HttpFile, "folder" | "paths">, { path }: APIOptions): string[] {
  if (path === undefined) return [...file.paths];
  if (path === null) return [file.folder, `${file.folder}*`];
  return [path].flat().map((given) => `${file.folder}${given.replace(/^\/+/, "")}`);
}

/**
 * A string that is equal for all paths with the same requests: the names of parameters and a trailing slash do not
 * count.
 */
export function pathShape(path: string): string {
  return path.replace(/:[^/?]+/g, ":").replace(/(?<=.)\/+$/, "");
}

/** A string that is equal for claims of the same requests. */
export function claimKey({ method, path, suffix = "" }: Claim): string {
  return `${method} ${pathShape(path)}${suffix}`;
}

/** The requests that a file answers. */
export function claimsOf({ kind, file, value }: LoadedHttpFile): readonly Claim[] {
  return (
    kind.claims?.(file, value) ?? file.paths.map((path) => ({ method: "GET", path, suffix: file.suffix }))
  );
}
