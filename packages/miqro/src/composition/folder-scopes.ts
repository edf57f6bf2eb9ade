import type { APIRoute, Router } from "@miqro/core";
import type { RouteMount } from "../http-files/http-file-kind.js";
import type { LoadedService } from "../service/load-service.js";
import type { HttpFile } from "../service/scan-service.js";
import type { CompositionParts } from "./parts.js";

interface FolderScope {
  /** The path of the folder in the same form as in the paths of its files: `/posts/:id/`. */
  readonly folder: string;
  readonly router: Router;
  readonly mount: RouteMount;
}

/** Mounts the scopes of folders, and finds the router to which a file adds its routes. */
export function openFolderScopes(
  { http }: LoadedService,
  router: Router,
  parts: CompositionParts,
): (file: HttpFile) => RouteMount {
  // The deepest folder comes first.
  const scopes: FolderScope[] = [{ folder: "/", router, mount: router }];
  const find = ({ folder }: HttpFile): FolderScope =>
    scopes.find((scope) => folder.startsWith(scope.folder)) as FolderScope;
  const opening = http
    .filter(({ kind }) => kind.openScope !== undefined)
    .sort((left, right) => left.file.folder.length - right.file.folder.length);
  for (const { file, kind, value } of opening) {
    const around = find(file);
    parts.problemsOf(file.source).run(() => {
      const scope = kind.openScope?.(file, value);
      if (scope === undefined) return;
      around.router.use(toInner(file.folder, around.folder), scope);
      scopes.unshift({
        folder: file.folder,
        router: scope,
        mount: createMount(file.folder, scope, around.mount),
      });
    });
  }
  return (file) => find(file).mount;
}

/**
 * A router that takes routes by their whole paths. Routes outside of the folder, such as those of shared modules,
 * belong to the outer router.
 */
function createMount(folder: string, scope: Router, around: RouteMount): RouteMount {
  const isInside = (path: string): boolean => `${path}/`.startsWith(folder);
  return {
    route(declaration: APIRoute) {
      const paths = [declaration.path ?? []].flat();
      const inside = paths.filter(isInside);
      const outside = paths.filter((path) => !isInside(path));
      if (inside.length > 0)
        scope.route({ ...declaration, path: inside.map((path) => toInner(path, folder)) });
      if (outside.length > 0) around.route({ ...declaration, path: outside });
      return scope;
    },
    get(path, ...handlers) {
      const paths = [path].flat();
      for (const one of paths) {
        if (isInside(one)) scope.get(toInner(one, folder), ...handlers);
        else around.get(one, ...handlers);
      }
      return scope;
    },
  } as RouteMount;
}

/** A path in a folder, relative to the folder. */
function toInner(path: string, folder: string): string {
  return `/${path.slice(folder.length).replace(/\/$/, "")}`;
}
