import { kSegments } from "../exchange/internal.js";
import type { ServedRequest, ServedResponse } from "../exchange/served.js";
import { type OpenFile, openFile } from "./open-file.js";
import { sendOpenFile } from "./send-open-file.js";

/** A folder with the settled options of `Static`. */
export interface ServedFolder {
  /** A real path. */
  readonly base: string;
  readonly index: string | false;
  readonly isExcluded: (path: string) => boolean;
}

interface FoundPage extends OpenFile {
  readonly name: string;
  /** Whether it is the index of a folder that was asked without a slash behind it. */
  readonly isElsewhere: boolean;
}

/** Serves what lies at the segments below the folder, or leaves the request unanswered. */
export async function serveFolder(
  folder: ServedFolder,
  req: ServedRequest,
  res: ServedResponse,
  segments: readonly string[],
): Promise<undefined> {
  const page = await findPage(folder, req, segments);
  if (page === undefined) return undefined;
  if (!page.isElsewhere) {
    await sendOpenFile(req, res, page, page.name);
    return undefined;
  }
  await page.handle.close();
  // Made of the decoded segments, so that it can never name another host.
  const path = req[kSegments].map((segment) => `/${encodeURIComponent(segment)}`).join("");
  const search = req.url.indexOf("?");
  res.redirect(`${path}/${search === -1 ? "" : req.url.slice(search)}`, undefined, 301);
  return undefined;
}

/** Whether a GET would find something at the segments below the folder. */
export async function isServedFrom(
  folder: ServedFolder,
  req: ServedRequest,
  segments: readonly string[],
): Promise<boolean> {
  const page = await findPage(folder, req, segments);
  await page?.handle.close();
  return page !== undefined;
}

async function findPage(
  { base, index, isExcluded }: ServedFolder,
  req: ServedRequest,
  segments: readonly string[],
): Promise<FoundPage | undefined> {
  const endsWithSlash = req.pathname.endsWith("/");
  const found = await openFile(base, segments, isExcluded);
  if (found === undefined) return undefined;
  if (found !== "folder") {
    // A file has no slash behind its name, and relative links in it would go wrong.
    if (!endsWithSlash) return { ...found, name: segments.at(-1) ?? "", isElsewhere: false };
    await found.handle.close();
    return undefined;
  }
  if (index === false) return undefined;
  const page = await openFile(base, [...segments, index], isExcluded);
  if (page === undefined || page === "folder") return undefined;
  return { ...page, name: index, isElsewhere: !endsWithSlash };
}
