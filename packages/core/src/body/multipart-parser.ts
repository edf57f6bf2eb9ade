import { kContext, kResponse } from "../exchange/internal.js";
import type { ServedRequest } from "../exchange/served.js";
import type { Middleware, OpenRequest } from "../exchange/types.js";
import { checkOptions } from "../options/check-options.js";
import { kinds } from "../options/kinds.js";
import { parseSize } from "../options/size.js";
import { loadOnUse } from "../platform/builtins.js";
import { markBodyParser } from "./body-parser-mark.js";
import { parseMediaType } from "./media-type.js";
import type { IncomingFile, MultipartOptions } from "./multipart-types.js";
import { hasBody } from "./read-body.js";
import type { MultipartLimits } from "./read-multipart.js";

// Loaded with the first form, so a server without uploads does not load it.
const loadReader = loadOnUse<typeof import("./read-multipart.js")>(import.meta.url, "./read-multipart.js");
const loadUploads = loadOnUse<typeof import("./uploads.js")>(import.meta.url, "./uploads.js");

/**
 * Reads forms with files (`multipart/form-data`) into `req.body`. Fields become strings, files become {@link
 * UploadedFile}, and a repeated name becomes an array. More or larger parts than the limits answer 413. The files are
 * removed when all steps after the answer have run, even if the client goes away.
 */
export function MultipartParser(options: MultipartOptions = {}): Middleware {
  checkOptions<MultipartOptions>(options, "MultipartParser", {
    onFile: kinds.call,
    folder: kinds.text,
    files: kinds.count,
    fields: kinds.count,
    fileSize: kinds.size,
    fieldSize: kinds.size,
  });
  const limits: MultipartLimits = {
    files: options.files ?? 10,
    fields: options.fields ?? 100,
    fileSize: parseSize(options.fileSize ?? "10mb", "fileSize"),
    fieldSize: parseSize(options.fieldSize ?? "64kb", "fieldSize"),
  };
  const { onFile, folder } = options;

  async function read(req: ServedRequest, open: OpenRequest): Promise<undefined> {
    const { readMultipart } = loadReader();
    const take = onFile === undefined ? toDisk(req, folder) : (file: IncomingFile) => onFile(file, open);
    req.body = await readMultipart(req, limits, take);
  }

  const multipartParser: Middleware = (open) => {
    const req = open as unknown as ServedRequest;
    if (req.body !== undefined || !hasBody(req)) return undefined;
    if (parseMediaType(req.headers["content-type"])?.type !== "multipart/form-data") return undefined;
    return read(req, open);
  };
  return markBodyParser(multipartParser, ["multipart/form-data"]);
}

function toDisk(req: ServedRequest, folder: string | undefined): (file: IncomingFile) => unknown {
  const uploads = new (loadUploads().Uploads)(folder);
  const res = req[kResponse];
  if (res !== undefined) req[kContext]?.after(res).remove(() => uploads.remove());
  return (file) => uploads.save(file);
}
