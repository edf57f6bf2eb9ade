import { kSegments } from "../exchange/internal.js";
import type { ServedRequest, ServedResponse } from "../exchange/served.js";
import { answerFile } from "./answer-file.js";
import { toContentType } from "./content-type.js";
import type { FileStore, ServedFile } from "./file-store.js";
import { chooseFile, type FileEncoding } from "./precompressed.js";

/** A folder, and the options of `Static` with their defaults. */
export interface ServedFolder {
  readonly store: FileStore;
  readonly index: string | false;
  readonly encodings: readonly FileEncoding[];
  /** Returns the `Cache-Control` of the file at a path below the root. */
  readonly toCacheControl: (path: string) => string | undefined;
}

interface FoundPage {
  readonly file: ServedFile;
  readonly segments: readonly string[];
  /** Whether the file is the index of a folder that was requested without a slash at the end. */
  readonly isElsewhere: boolean;
}

// If a file is replaced between its check and its reading, it is searched again. The server gives up after this number
// of replacements in a row.
const attempts = 100;

/** Serves the file at the segments below the folder, or leaves the request unanswered. */
export async function serveFolder(
  folder: ServedFolder,
  req: ServedRequest,
  res: ServedResponse,
  segments: readonly string[],
): Promise<undefined> {
  for (let attempt = 1; ; attempt++) {
    const page = await findPage(folder, req, segments);
    if (page === undefined) return undefined;
    if (page.isElsewhere) {
      redirectToFolder(req, res);
      return undefined;
    }
    if (await sendPage(folder, req, res, page)) return undefined;
    if (attempt === attempts) throw new Error(`The file ${page.file.path} changes too fast to be sent.`);
  }
}

async function sendPage(
  { store, encodings, toCacheControl }: ServedFolder,
  req: ServedRequest,
  res: ServedResponse,
  { file, segments }: FoundPage,
): Promise<boolean> {
  const chosen =
    encodings.length === 0
      ? { file, encoding: undefined, varies: false }
      : await chooseFile(store, segments, file, encodings, readAcceptEncoding(req));
  return answerFile(req, res, store, chosen.file, {
    type: toContentType(segments.at(-1) ?? ""),
    encoding: chosen.encoding,
    varies: chosen.varies,
    cacheControl: toCacheControl(segments.join("/")),
  });
}

function readAcceptEncoding(req: ServedRequest): string | undefined {
  const header = req.headers["accept-encoding"];
  return typeof header === "string" ? header : undefined;
}

function redirectToFolder(req: ServedRequest, res: ServedResponse): void {
  // The location is made from the decoded segments, so it can never contain another host.
  const path = req[kSegments].map((segment) => `/${encodeURIComponent(segment)}`).join("");
  const search = req.url.indexOf("?");
  res.redirect(`${path}/${search === -1 ? "" : req.url.slice(search)}`, undefined, 301);
}

/** Whether a GET would find a file at the segments below the folder. */
export async function isServedFrom(
  folder: ServedFolder,
  req: ServedRequest,
  segments: readonly string[],
): Promise<boolean> {
  return (await findPage(folder, req, segments)) !== undefined;
}

async function findPage(
  { store, index }: ServedFolder,
  req: ServedRequest,
  segments: readonly string[],
): Promise<FoundPage | undefined> {
  const endsWithSlash = req.pathname.endsWith("/");
  const found = await store.find(segments);
  if (found === undefined) return undefined;
  if (found !== "folder") {
    // A path of a file has no slash at the end. With one, relative links in the file would be wrong.
    return endsWithSlash ? undefined : { file: found, segments, isElsewhere: false };
  }
  if (index === false) return undefined;
  const page = await store.find([...segments, index]);
  if (page === undefined || page === "folder") return undefined;
  return { file: page, segments: [...segments, index], isElsewhere: !endsWithSlash };
}
