import { realpathSync } from "node:fs";
import { sep } from "node:path";
import { checkOptions, either, kinds, no } from "../check-options.js";
import { ArgumentError } from "../errors.js";
import { kSegments, kStep } from "../http/internal.js";
import type { ServedRequest, ServedResponse } from "../http/served.js";
import type { Handler, Request } from "../http/types.js";

/** How {@link Static} serves. */
export interface StaticOptions {
  /** What answers for a folder. Default `index.html`; `false` for nothing. */
  readonly index?: string | false;
  /** Keeps files from being served; gets the path below the root, with slashes and without one in front. */
  readonly exclude?: (path: string) => boolean;
}

/**
 * Serves the files of a folder to GET and HEAD, below the path that it is used at. It leaves everything else
 * unanswered, dotfiles and what lies outside the folder included.
 *
 * @param root A folder, which must exist.
 */
export function Static(root: string, options: StaticOptions = {}): Handler {
  checkOptions<StaticOptions>(options, "Static", {
    index: either(kinds.text, no),
    exclude: kinds.call,
  });
  const base = toRealRoot(root);
  const index = options.index ?? "index.html";
  const isExcluded = options.exclude ?? (() => false);
  return function serveStatic(request: Request, response) {
    const req = request as ServedRequest;
    if (req.method !== "GET" && req.method !== "HEAD") return undefined;
    const segments = req[kSegments].slice(req[kStep]?.tail ?? 0);
    if (!segments.every(isServable) || isExcluded(segments.join("/"))) return undefined;
    return import("./serve-folder.js").then((module) =>
      module.serveFolder({ base, index, isExcluded }, req, response as ServedResponse, segments),
    );
  };
}

function toRealRoot(root: string): string {
  try {
    return realpathSync(root);
  } catch (error) {
    throw new ArgumentError(`The folder of Static does not exist: ${root}.`, error);
  }
}

/** Whether a segment can be the name of a file that is served: no dotfile, no separator in disguise, no NUL. */
export function isServable(segment: string): boolean {
  return !segment.startsWith(".") && !/[/\\\0]/.test(segment) && !(sep === "\\" && segment.includes(":"));
}
