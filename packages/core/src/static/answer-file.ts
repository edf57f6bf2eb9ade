import { Readable } from "node:stream";
import { kContract, kObserved } from "../exchange/internal.js";
import type { ServedRequest, ServedResponse } from "../exchange/served.js";
import type { ReplyHeaders } from "../exchange/types.js";
import { loadCrypto } from "../platform/builtins.js";
import { begin, claim, settleObserver } from "../reply/answer.js";
import { sendStream } from "../reply/send-stream.js";
import { writeReply } from "../reply/write-reply.js";
import { allowsRange, evaluateConditions } from "./conditions.js";
import { type FileStore, type ServedFile, smallFile } from "./file-store.js";
import { type ByteRange, parseRanges } from "./ranges.js";

/** The representation in which a file is sent: plain, or compressed. */
export interface FileForm {
  readonly type: string;
  /** Added to the entity tag, if one file has several representations. */
  readonly encoding?: string | undefined;
  readonly varies?: boolean;
  readonly cacheControl: string | undefined;
}

/**
 * Sends a file, a part of it, or only its head, according to the conditions and ranges of the request (RFC 9110 13 and
 * 14).
 *
 * @returns False if another file has replaced it in the meantime, so the caller must find it again.
 */
export async function answerFile(
  req: ServedRequest,
  res: ServedResponse,
  store: FileStore,
  file: ServedFile,
  form: FileForm,
): Promise<boolean> {
  const { size, seconds, date } = file;
  const tag = form.encoding === undefined ? file.tag : `${file.tag.slice(0, -1)}-${form.encoding}"`;
  const headers: Record<string, string> = { ETag: tag, "Last-Modified": date, "Accept-Ranges": "bytes" };
  if (form.cacheControl !== undefined && !res.hasHeader("Cache-Control"))
    headers["Cache-Control"] = form.cacheControl;
  const status = evaluateConditions(req.headers, { tag, seconds });
  if (form.varies === true) res.addVaryHeader("Accept-Encoding");
  if (status !== 200) {
    writeReply(res, status, undefined, "", headers);
    return true;
  }
  if (form.encoding !== undefined) headers["Content-Encoding"] = form.encoding;
  const isWhole = req.method !== "GET" || !allowsRange(req.headers, { tag, seconds });
  const ranges = isWhole ? undefined : parseRanges(req.headers.range, size);
  if (ranges?.length === 0) {
    delete headers["Content-Encoding"];
    writeReply(res, 416, undefined, "", { ...headers, "Content-Range": `bytes */${size}` });
    return true;
  }
  if (req.method === "HEAD") {
    res[kContract]?.check(200);
    if (!claim(res)) return true;
    begin(res, { status: 200, type: form.type, headers, length: size });
    res.end();
    return true;
  }
  const parts = toParts(ranges, size, form.type);
  if (size > smallFile || parts.byteLength > smallFile)
    return sendLarge(res, store, file, parts, { ...form, headers });
  const content = await store.read(file);
  if (content === undefined) return false;
  sendSmall(res, content, parts, { ...form, headers });
  return true;
}

/** The parts of an answer: strings, and ranges of bytes of the file. */
interface Parts {
  readonly status: 200 | 206;
  readonly list: readonly (string | ByteRange)[];
  readonly byteLength: number;
  readonly headers: ReplyHeaders;
  /** Replaces the type of the file. */
  readonly type: string | undefined;
}

function toParts(ranges: readonly ByteRange[] | undefined, size: number, type: string): Parts {
  if (ranges === undefined) {
    const list = size === 0 ? [] : [{ start: 0, end: size - 1 }];
    return { status: 200, list, byteLength: size, headers: {}, type: undefined };
  }
  const toHeader = ({ start, end }: ByteRange): string => `bytes ${start}-${end}/${size}`;
  const [only, ...others] = ranges;
  if (only !== undefined && others.length === 0) {
    const headers = { "Content-Range": toHeader(only) };
    return { status: 206, list: [only], byteLength: only.end - only.start + 1, headers, type: undefined };
  }
  const boundary = loadCrypto().randomUUID();
  const list = ranges.flatMap((range) => [
    `\r\n--${boundary}\r\nContent-Type: ${type}\r\nContent-Range: ${toHeader(range)}\r\n\r\n`,
    range,
  ]);
  list.push(`\r\n--${boundary}--\r\n`);
  const byteLength = list.reduce(
    (sum, part) => sum + (typeof part === "string" ? part.length : part.end - part.start + 1),
    0,
  );
  return { status: 206, list, byteLength, headers: {}, type: `multipart/byteranges; boundary=${boundary}` };
}

interface SentForm extends FileForm {
  readonly headers: ReplyHeaders;
}

function sendSmall(res: ServedResponse, content: Buffer, parts: Parts, form: SentForm): void {
  res[kContract]?.check(parts.status);
  if (!claim(res)) return;
  const pieces = parts.list.map((part) =>
    typeof part === "string" ? Buffer.from(part) : content.subarray(part.start, part.end + 1),
  );
  const body = pieces.length === 1 && pieces[0] !== undefined ? pieces[0] : Buffer.concat(pieces);
  settleObserver(res, parts.status, body.byteLength);
  res[kObserved]?.expect(body);
  begin(res, {
    status: parts.status,
    type: parts.type ?? form.type,
    headers: { ...form.headers, ...parts.headers },
    length: body.byteLength,
  });
  res.end(body);
}

async function sendLarge(
  res: ServedResponse,
  store: FileStore,
  file: ServedFile,
  parts: Parts,
  form: SentForm,
): Promise<boolean> {
  const handle = await store.open(file);
  if (handle === undefined) return false;
  const { list } = parts;
  const [only] = list;
  const stream =
    list.length === 1 && typeof only === "object"
      ? // Exactly the length that is promised, also when the file grows meanwhile. The stream closes the file.
        handle.createReadStream({ start: only.start, end: only.end })
      : Readable.from(readParts(), { objectMode: false });
  // A stream that is destroyed before it is read never starts its generator. The generator would close the file.
  if (list.length !== 1) stream.once("close", () => void handle.close().catch(() => {}));
  sendStream(res, stream, parts.status, parts.type ?? form.type, {
    ...form.headers,
    ...parts.headers,
    "Content-Length": parts.byteLength,
  });
  return true;

  async function* readParts(): AsyncGenerator<Uint8Array> {
    for (const part of list) {
      if (typeof part === "string") yield Buffer.from(part);
      else
        yield* (handle as NonNullable<typeof handle>).createReadStream({
          start: part.start,
          end: part.end,
          autoClose: false,
        });
    }
  }
}
