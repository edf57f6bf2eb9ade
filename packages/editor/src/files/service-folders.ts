import { isAbsolute, relative, resolve, sep } from "node:path";

/** The service folders that lie in the project, as the browser names them. */
export function serviceFolders(root: string, services: readonly string[]): string[] {
  return services
    .map((service) => relative(root, resolve(root, service)))
    .filter((path) => !path.startsWith("..") && !isAbsolute(path))
    .map((path) => path.split(sep).join("/"));
}
