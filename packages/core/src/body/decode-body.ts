import type { Transform } from "node:stream";
import { createBrotliDecompress, createGunzip, createInflate } from "node:zlib";
import { UnsupportedMediaTypeError } from "../errors.js";
import type { ServedRequest } from "../exchange/served.js";

const decoders: Readonly<Record<string, () => Transform>> = {
  gzip: createGunzip,
  "x-gzip": createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
};

/**
 * Returns the stream that decodes the body of a request, or `undefined` if the body is not encoded. An unknown encoding
 * throws a 415.
 */
export function createDecoder(req: ServedRequest): Transform | undefined {
  const encoding = req.headers["content-encoding"]?.trim().toLowerCase();
  if (encoding === undefined || encoding === "" || encoding === "identity") return undefined;
  const create = Object.hasOwn(decoders, encoding) ? decoders[encoding] : undefined;
  if (create === undefined) {
    throw new UnsupportedMediaTypeError(`A body with the Content-Encoding "${encoding}" is not supported.`, {
      headers: { "Accept-Encoding": "gzip, deflate, br" },
    });
  }
  return create();
}
