import type { BrotliCompress, Gzip, ZstdCompress } from "node:zlib";
import type { Middleware, Request, Response } from "../exchange/types.js";
import { checkOptions } from "../options/check-options.js";
import { kinds, type OptionKind } from "../options/kinds.js";
import { parseSize } from "../options/size.js";
import { loadOnUse } from "../platform/builtins.js";
import type { AnswerHead } from "../reply/observe.js";

/** A content coding for answers. */
export type CompressionEncoding = "zstd" | "br" | "gzip";

/** The options of `Compression`. */
export interface CompressionOptions {
  /** Smaller bodies are not compressed: bytes, or a size such as `"1kb"`, which is the default. */
  readonly threshold?: number | string;
  /**
   * The codings that are offered. If a client accepts several equally, the first one is used. Default: zstd if Node.js
   * has it, br, gzip.
   */
  readonly encodings?: readonly CompressionEncoding[];
  /**
   * Whether answers to requests with a session are compressed too. If an attacker controls a part of such an answer,
   * its length could reveal a secret in it (BREACH). Default false.
   */
  readonly sessions?: boolean;
  /** Returns false for an answer that should not be compressed. */
  readonly filter?: (req: Request, res: Response) => boolean;
}

type Compressor = Gzip | BrotliCompress | ZstdCompress;

interface Coding {
  /** Compresses a small body in one call. */
  readonly whole: (body: Uint8Array) => Buffer;
  /**
   * @param isLongLived Whether the stream may be open for hours, together with thousands of others, so that it must
   * need little memory.
   */
  readonly stream: (isLongLived: boolean) => Compressor;
  /** The flush mode that sends all written bytes. */
  readonly flush: number;
}

// For a small body, a thread of the pool costs more than the compression itself. A larger body would block other
// requests.
const mostAtOnce = 64 * 1024;
const quality = 4;

const compressible =
  /^(?:text\/(?!event-stream)|application\/(?:json|javascript|xml|x-javascript|manifest\+json|wasm|x-ndjson|graphql|rtf|sql|x-www-form-urlencoded|vnd\.ms-fontobject)(?:;|$)|[a-z-]+\/[\w.-]+\+(?:json|xml|text)(?:;|$)|image\/(?:bmp|x-icon|vnd\.microsoft\.icon)|font\/(?:ttf|otf|collection))/i;

const loadAcceptEncoding = loadOnUse<typeof import("../exchange/accept-encoding.js")>(
  import.meta.url,
  "../exchange/accept-encoding.js",
);
const loadObserve = loadOnUse<typeof import("../reply/observe.js")>(import.meta.url, "../reply/observe.js");

/** Compresses answers by `Accept-Encoding`. Use it before the handlers whose answers it should compress. */
export function Compression(options: CompressionOptions = {}): Middleware {
  const codings = createCodings();
  const encodingsKind: OptionKind = {
    words: `an array of at least one of ${[...codings.keys()].join(", ")}, which this version of Node.js has`,
    test: (value) => Array.isArray(value) && value.length > 0 && value.every((one) => codings.has(one)),
  };
  checkOptions<CompressionOptions>(options, "`Compression`", {
    threshold: kinds.size,
    encodings: encodingsKind,
    sessions: kinds.flag,
    filter: kinds.call,
  });
  const { sessions = false, filter } = options;
  const threshold = parseSize(options.threshold ?? 1024, "threshold");
  const offered = options.encodings ?? [...codings.keys()];
  const { observeLater, toPending } = loadObserve();
  const { chooseEncoding } = loadAcceptEncoding();

  const compress = (head: AnswerHead, res: Response): void => {
    const req = res.req as Request;
    if (head.status === 304) res.addVaryHeader("Accept-Encoding");
    const type = String(res.getHeader("Content-Type") ?? "");
    const isEvents = /^text\/event-stream\b/i.test(type);
    if (!isEvents && !compressible.test(type)) return;
    if (!mayChange(head, res, isEvents)) return;
    if (!sessions && req.session !== undefined) return;
    const length = readLength(head, res);
    if (length !== undefined && length < threshold) return;
    if (filter !== undefined && !filter(req, res)) return;
    res.addVaryHeader("Accept-Encoding");
    const encoding = chooseEncoding(toText(req.headers["accept-encoding"]), offered);
    const coding = codings.get(encoding as CompressionEncoding);
    if (encoding === undefined || coding === undefined) return;
    res.setHeader("Content-Encoding", encoding);
    // A range of the uncompressed body is not a range of the compressed body.
    res.removeHeader("Accept-Ranges");
    const tag = res.getHeader("ETag");
    if (typeof tag === "string" && !tag.startsWith("W/")) res.setHeader("ETag", `W/${tag}`);
    if (head.whole !== undefined && (length ?? 0) <= mostAtOnce)
      head.replace(coding.whole(toBytes(head.whole)));
    else if (!head.hasBody) res.removeHeader("Content-Length");
    else head.pipeThrough(createStream(coding, isEvents, length === undefined));
  };

  const pending = toPending(compress, threshold);
  return function compression(_req, res) {
    observeLater(res, pending);
  };
}

/** Headers about the bytes of the body. With a coding, they would be wrong. */
const ofBytes: readonly string[] = [
  "Content-Range",
  "Content-Digest",
  "Repr-Digest",
  "Digest",
  "Content-MD5",
];

/** Whether the body may be compressed here. */
function mayChange(head: AnswerHead, res: Response, isEvents: boolean): boolean {
  const { status } = head;
  if (status < 200 || status === 204 || status === 206 || status === 304) return false;
  if (ofBytes.some((name) => res.hasHeader(name))) return false;
  const encoding = res.getHeader("Content-Encoding");
  if (encoding !== undefined && encoding !== "identity") return false;
  // Streams of events have `no-transform` for proxies, which would otherwise hold events back.
  return (
    isEvents || !/(?:^|[\s,])no-transform(?:[\s,]|$)/i.test(String(res.getHeader("Cache-Control") ?? ""))
  );
}

function readLength(head: AnswerHead, res: Response): number | undefined {
  if (head.whole !== undefined) return Buffer.byteLength(head.whole);
  const length = res.getHeader("Content-Length");
  return length === undefined ? undefined : Number(length);
}

function toBytes(body: string | Uint8Array): Uint8Array {
  return typeof body === "string" ? Buffer.from(body) : body;
}

/** A window for the size of the body. Clearing the usual window of 32 kB takes longer than compressing a small body. */
function toWindowBits({ length }: Uint8Array): number {
  return Math.max(10, Math.min(15, 32 - Math.clz32(length)));
}

function toChunkSize({ length }: Uint8Array): number {
  return Math.max(1024, length >> 1);
}

function toText(header: string | readonly string[] | undefined): string | undefined {
  return typeof header === "string" || header === undefined ? header : header.join(",");
}

/** A body of unknown length may arrive slowly. Its bytes leave as soon as the code that writes the body pauses. */
function createStream({ stream, flush }: Coding, isLongLived: boolean, comesSlowly: boolean): Compressor {
  const compressor = stream(isLongLived);
  if (!comesSlowly) return compressor;
  const write = compressor.write.bind(compressor) as (...given: unknown[]) => boolean;
  let state: "idle" | "scheduled" | "flushing" = "idle";
  compressor.write = ((...given: unknown[]) => {
    // `flush` calls `write` as well, and must not schedule another flush.
    if (state === "idle") {
      state = "scheduled";
      setImmediate(() => {
        state = "flushing";
        if (!compressor.writableEnded && !compressor.destroyed) compressor.flush(flush);
        state = "idle";
      });
    }
    return write(...given);
  }) as Compressor["write"];
  return compressor;
}

/** The codings that this version of Node.js has, the cheapest first. */
function createCodings(): ReadonlyMap<CompressionEncoding, Coding> {
  const zlib = process.getBuiltinModule("node:zlib");
  const { constants } = zlib;
  const codings = new Map<CompressionEncoding, Coding>();
  // Node.js has this coding since 22.15.
  if (typeof zlib.createZstdCompress === "function") {
    codings.set("zstd", {
      whole: (body) =>
        zlib.zstdCompressSync(body, { chunkSize: toChunkSize(body), pledgedSrcSize: body.length }),
      stream: (isLongLived) =>
        zlib.createZstdCompress(
          isLongLived
            ? { params: { [constants.ZSTD_c_compressionLevel]: 1, [constants.ZSTD_c_windowLog]: 12 } }
            : {},
        ),
      flush: constants.ZSTD_e_flush,
    });
  }
  codings.set("br", {
    whole: (body) =>
      zlib.brotliCompressSync(body, {
        chunkSize: toChunkSize(body),
        params: {
          [constants.BROTLI_PARAM_QUALITY]: quality,
          [constants.BROTLI_PARAM_LGWIN]: toWindowBits(body) + 1,
          [constants.BROTLI_PARAM_SIZE_HINT]: body.length,
        },
      }),
    stream: (isLongLived) =>
      zlib.createBrotliCompress({
        params: {
          [constants.BROTLI_PARAM_QUALITY]: isLongLived ? 1 : quality,
          ...(isLongLived ? { [constants.BROTLI_PARAM_LGWIN]: 12 } : {}),
        },
      }),
    flush: constants.BROTLI_OPERATION_FLUSH,
  });
  codings.set("gzip", {
    whole: (body) => zlib.gzipSync(body),
    stream: (isLongLived) => zlib.createGzip(isLongLived ? { windowBits: 12, memLevel: 5 } : {}),
    flush: constants.Z_SYNC_FLUSH,
  });
  return codings;
}
