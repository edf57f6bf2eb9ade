import { extname } from "node:path";
import { lookup } from "mrmime";
import type { ServedRequest, ServedResponse } from "../exchange/served.js";
import { begin, claim } from "../reply/answer.js";
import { binaryType } from "../reply/body-type.js";
import { sendStream } from "../reply/send-stream.js";
import { writeReply } from "../reply/write-reply.js";
import { isFresh } from "./conditions.js";
import type { OpenFile } from "./open-file.js";

const smallFile = 64 * 1024;

/** Sends an open file, or 304 when the client has it, and closes it. */
export async function sendOpenFile(
  req: ServedRequest,
  res: ServedResponse,
  { handle, stats }: OpenFile,
  name: string,
): Promise<void> {
  const { size, mtime, mtimeMs } = stats;
  const etag = `"${Math.floor(mtimeMs).toString(36)}-${size.toString(36)}"`;
  const headers = { ETag: etag, "Last-Modified": mtime.toUTCString() };
  const type = toContentType(name);
  if (size > smallFile && req.method !== "HEAD" && !isFresh(req, etag, mtime)) {
    // Exactly the length that is promised, also when the file grows meanwhile. The stream closes the file.
    const stream = handle.createReadStream({ start: 0, end: size - 1 });
    sendStream(res, stream, 200, type, { ...headers, "Content-Length": size });
    return;
  }
  try {
    if (isFresh(req, etag, mtime)) {
      writeReply(res, 304, undefined, "", headers);
    } else if (req.method === "HEAD") {
      if (!claim(res)) return;
      begin(res, { status: 200, type, headers: { ...headers, "Content-Length": size } });
      res.end();
    } else {
      const buffer = Buffer.alloc(size);
      const { bytesRead } = await handle.read(buffer, 0, size, 0);
      writeReply(res, 200, type, buffer.subarray(0, bytesRead), headers);
    }
  } finally {
    await handle.close();
  }
}

function toContentType(name: string): string {
  const type = lookup(extname(name));
  if (type === undefined) return binaryType;
  const isText = type.startsWith("text/") || type === "application/json" || type === "image/svg+xml";
  return isText ? `${type}; charset=utf-8` : type;
}
