import { realpathSync } from "node:fs";
import { ArgumentError } from "../errors.js";
import { kSegments, kStep } from "../http/internal.js";
import type { ServedRequest, ServedResponse } from "../http/served.js";
import type { Handler, Request } from "../http/types.js";
import { isServable, openFile } from "./open-file.js";
import { sendOpenFile } from "./send-open-file.js";

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
  const base = toRealRoot(root);
  const index = options.index ?? "index.html";
  const isExcluded = options.exclude ?? (() => false);
  return function serveStatic(request: Request, response) {
    const req = request as ServedRequest;
    if (req.method !== "GET" && req.method !== "HEAD") return undefined;
    const segments = req[kSegments].slice(req[kStep]?.tail ?? 0);
    if (!segments.every(isServable) || isExcluded(segments.join("/"))) return undefined;
    return serve(req, response as ServedResponse, segments);
  };

  async function serve(
    req: ServedRequest,
    res: ServedResponse,
    segments: readonly string[],
  ): Promise<undefined> {
    const found = await openFile(base, segments);
    if (found === undefined) return undefined;
    if (found !== "folder") {
      // A file has no slash behind its name, and relative links in it would go wrong.
      if (req.pathname.endsWith("/")) await found.handle.close();
      else await sendOpenFile(req, res, found, segments.at(-1) ?? "");
      return undefined;
    }
    if (index === false || isExcluded([...segments, index].join("/"))) return undefined;
    const page = await openFile(base, [...segments, index]);
    if (page === undefined || page === "folder") return undefined;
    if (req.pathname.endsWith("/")) {
      await sendOpenFile(req, res, page, index);
    } else {
      await page.handle.close();
      // Made of the decoded segments, so that it can never name another host.
      const path = req[kSegments].map((segment) => `/${encodeURIComponent(segment)}`).join("");
      const search = req.url.indexOf("?");
      res.redirect(`${path}/${search === -1 ? "" : req.url.slice(search)}`, undefined, 301);
    }
    return undefined;
  }
}

function toRealRoot(root: string): string {
  try {
    return realpathSync(root);
  } catch (error) {
    throw new ArgumentError(`The folder of Static does not exist: ${root}.`, error);
  }
}
