import { kSegments } from "../http/internal.js";
import type { ServedRequest, ServedResponse } from "../http/served.js";
import { openFile } from "./open-file.js";
import { sendOpenFile } from "./send-open-file.js";

/** A folder with the settled options of `Static`. */
export interface ServedFolder {
  /** A real path. */
  readonly base: string;
  readonly index: string | false;
  readonly isExcluded: (path: string) => boolean;
}

/** Serves what lies at the segments below the folder, or leaves the request unanswered. */
export async function serveFolder(
  { base, index, isExcluded }: ServedFolder,
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
