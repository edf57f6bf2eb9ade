import { ArgumentError } from "../errors.js";
import { kSegments, kStep, methodFinders } from "../exchange/internal.js";
import type { ServedRequest, ServedResponse } from "../exchange/served.js";
import type { Handler, Request } from "../exchange/types.js";
import { Faults } from "../options/check-options.js";
import { either, kinds, no } from "../options/kinds.js";
import { fs } from "../platform/builtins.js";

/** How {@link Static} serves. */
export interface StaticOptions {
  /** What answers for a folder. Default `index.html`; `false` for nothing. */
  readonly index?: string | false;
  /**
   * Keeps files from being served; gets the path below the root, with slashes and without one in front. It is asked for
   * the path in the request, and for the real one of the file that was found.
   */
  readonly exclude?: (path: string) => boolean;
}

const fileMethods: readonly string[] = ["GET", "HEAD"];

/**
 * Serves the files of a folder to GET and HEAD, below the path that it is used at. It leaves everything else
 * unanswered, dotfiles and what lies outside the folder included; other methods on a file are a 405 in the end.
 *
 * @param root A folder, which must exist.
 */
export function Static(root: string, options: StaticOptions = {}): Handler {
  const faults = new Faults();
  const base = faults.attempt("root", () => toRealRoot(root)) as string;
  faults.check<StaticOptions>(options, "Static", { index: either(kinds.text, no), exclude: kinds.call });
  faults.throw("Static");
  const { index = "index.html", exclude: isExcluded = () => false } = options;
  const folder = { base, index, isExcluded };
  return function serveStatic(request: Request, response) {
    const req = request as ServedRequest;
    const segments = req[kSegments].slice(req[kStep]?.tail ?? 0);
    if (!fileMethods.includes(req.method)) {
      const find = async (): Promise<readonly string[]> => {
        const module = await import("./serve-folder.js");
        return (await module.isServedFrom(folder, req, segments)) ? fileMethods : [];
      };
      methodFinders.set(req, [...(methodFinders.get(req) ?? []), find]);
      return undefined;
    }
    return import("./serve-folder.js").then((module) =>
      module.serveFolder(folder, req, response as ServedResponse, segments),
    );
  };
}

function toRealRoot(root: string): string {
  try {
    return fs.realpathSync(root);
  } catch (error) {
    throw new ArgumentError(`The folder of Static does not exist: ${root}.`, error);
  }
}
