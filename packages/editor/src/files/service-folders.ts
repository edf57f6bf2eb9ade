import { isAbsolute, relative, resolve, sep } from "node:path";

/** Returns the service folders inside the project, as relative paths with slashes. */
export function serviceFolders(root: string, services: readonly string[]): string[] {
  return services
    .map((service) => relative(root, resolve(root, service)))
    .filter((path) => !path.startsWith("..") && !isAbsolute(path))
    .map((path) => path.split(sep).join("/"));
}
