import type { Readable } from "node:stream";
import { BadRequestError, PayloadTooLargeError, UnsupportedMediaTypeError } from "../errors.js";
import { kAbortBody } from "../exchange/internal.js";
import { BareObject } from "../exchange/query.js";
import type { ServedRequest } from "../exchange/served.js";
import { abandonBody } from "./abandon-body.js";
import { DelimiterCount } from "./delimiter-count.js";
import type { IncomingFile } from "./multipart-types.js";
import { isEncoded, toCutError } from "./read-body.js";

/** The limits of a form. Sizes are in bytes. */
export interface MultipartLimits {
  readonly files: number;
  readonly fields: number;
  readonly fileSize: number;
  readonly fieldSize: number;
}

type Library = typeof import("@fastify/busboy");
type Busboy = InstanceType<Library["Busboy"]>;

const require = process.getBuiltinModule("node:module").createRequire(import.meta.url);

const headerSize = 4096;

/**
 * Reads a form with files. An empty body is not a form. It rejects with a 4xx at the first mistake. The streams of files
 * then end with the same error.
 *
 * @param take Gets each file, and returns its value in the form.
 */
export async function readMultipart(
  req: ServedRequest,
  limits: MultipartLimits,
  take: (file: IncomingFile) => unknown,
): Promise<Record<string, unknown> | undefined> {
  if (isEncoded(req)) {
    throw new UnsupportedMediaTypeError("A form with files must not have a Content-Encoding.");
  }
  const busboy = createBusboy(req, limits);
  return new Promise((resolve, reject) => new FormReader(req, busboy, limits, take).read(resolve, reject));
}

function createBusboy(req: ServedRequest, limits: MultipartLimits): Busboy {
  const library = require("@fastify/busboy") as Library;
  const { files, fields, fileSize, fieldSize } = limits;
  try {
    return new library.Busboy({
      headers: { ...req.headers, "content-type": req.headers["content-type"] ?? "" },
      // Files are counted here, because an empty file field is not a file.
      limits: {
        files: files + fields + 1,
        fields,
        fileSize,
        fieldSize,
        parts: files + fields,
        headerPairs: 20,
        headerSize,
      },
      isPartAFile: (_field, _type, name) => name !== undefined,
    });
  } catch (error) {
    throw new BadRequestError("The Content-Type of the form has no usable boundary.", { cause: error });
  }
}

/** The value of an empty file field. */
const noFile: unique symbol = Symbol("no file");

class FormReader {
  readonly #req: ServedRequest;
  readonly #busboy: Busboy;
  readonly #take: (file: IncomingFile) => unknown;
  readonly #most: number;
  readonly #parts: { readonly name: string; readonly value: unknown }[] = [];
  readonly #streams: Readable[] = [];
  readonly #delimiters: DelimiterCount;
  #received = 0;
  readonly #mostFiles: number;
  #files = 0;
  #reject: (error: Error) => void = () => {};
  #done = false;

  constructor(
    req: ServedRequest,
    busboy: Busboy,
    { files, fields, fileSize, fieldSize }: MultipartLimits,
    take: (file: IncomingFile) => unknown,
  ) {
    this.#req = req;
    this.#busboy = busboy;
    this.#take = take;
    this.#mostFiles = files;
    this.#delimiters = new DelimiterCount(toBoundary(req.headers["content-type"] ?? ""));
    // The bytes around the parts have no limit of their own.
    this.#most = files * (fileSize + headerSize) + fields * (fieldSize + headerSize) + 64 * 1024;
  }

  read(resolve: (form: Record<string, unknown> | undefined) => void, reject: (error: Error) => void): void {
    const req = this.#req;
    this.#reject = reject;
    if (req.destroyed) {
      this.#fail(toCutError(req));
      return;
    }
    req[kAbortBody] = { abort: this.#fail };
    req.on("data", this.#count).on("error", this.#onCut).on("close", this.#onCut);
    this.#busboy
      .on("field", (name, value, nameTruncated, valueTruncated) => {
        if (valueTruncated || nameTruncated) this.#refuse(`The field "${name}" is too large.`);
        else if (name === undefined) this.#fail(new BadRequestError("A field of the form has no name."));
        else this.#parts.push({ name, value });
      })
      .on("file", (field, stream, name, _encoding, type) => this.#onFile(field, stream, name, type))
      .on("partsLimit", () => this.#refuse("The form has too many parts."))
      .on("fieldsLimit", () => this.#refuse("The form has too many fields."))
      .on("error", (error) => {
        if (this.#received > 0 || !req.complete)
          this.#fail(new BadRequestError("The form is malformed.", { cause: error }));
        else if (!this.#done) {
          this.#settle();
          resolve(undefined);
        }
      })
      .on("finish", () => {
        if (this.#delimiters.parts !== this.#parts.length) {
          this.#fail(new BadRequestError("A part of the form is malformed."));
          return;
        }
        Promise.all(this.#parts.map(({ value }) => value)).then(
          (values) => {
            if (this.#done) return;
            this.#settle();
            resolve(this.#toForm(values));
          },
          () => {},
        );
      });
    req.pipe(this.#busboy);
  }

  #onFile(field: string | undefined, stream: Readable, fileName: string | undefined, type: string): void {
    stream.on("error", () => {});
    if (this.#done || field === undefined) {
      stream.resume();
      this.#fail(new BadRequestError("A file of the form has no name for its field."));
      return;
    }
    this.#streams.push(stream);
    skipWhenDestroyed(stream);
    stream.on("limit", () => this.#refuse(`The file of the field "${field}" is too large.`));
    const file = { field, name: toFileName(fileName), type, stream };
    const value = fileName === "" ? this.#settleUnnamed(file) : this.#settleFile(file);
    // A failure is reported here at once. Waiting for all values must not report it again.
    value.catch(this.#fail);
    this.#parts.push({ name: field, value });
  }

  async #settleFile(file: IncomingFile): Promise<unknown> {
    if (++this.#files > this.#mostFiles) this.#refuse("The form has too many files.");
    if (this.#done) return undefined;
    const { stream } = file;
    const value = await this.#take(file);
    // If a loop over the stream ends early, an AbortError is reported.
    if (stream.errored && stream.errored.name !== "AbortError") throw stream.errored;
    // If a part of the file stays unread, the rest of the form does not arrive.
    stream.resume();
    return value;
  }

  // A browser sends an empty file field as a file without a name and without a byte (HTML 4.10.22.4).
  async #settleUnnamed(file: IncomingFile): Promise<unknown> {
    const { stream } = file;
    await new Promise<void>((resolve) => {
      stream.once("readable", resolve).once("close", resolve);
    });
    if (stream.readableLength > 0) return this.#settleFile(file);
    stream.resume();
    return noFile;
  }

  readonly #count = (chunk: Buffer): void => {
    this.#received += chunk.length;
    if (this.#received > this.#most) this.#refuse("The form is too large.");
    else this.#delimiters.take(chunk);
  };

  readonly #onCut = (): void => {
    if (!this.#req.complete) this.#fail(new BadRequestError("The form ended before it was complete."));
  };

  #refuse(message: string): void {
    this.#fail(new PayloadTooLargeError(message));
  }

  readonly #fail = (thrown: unknown): void => {
    if (this.#done) return;
    const error = thrown instanceof Error ? thrown : new Error(String(thrown), { cause: thrown });
    this.#settle();
    this.#req.unpipe(this.#busboy);
    this.#req.pause();
    abandonBody(this.#req);
    for (const stream of this.#streams) stream.destroy(error);
    this.#reject(error);
  };

  #settle(): void {
    this.#done = true;
    this.#req[kAbortBody] = undefined;
    this.#req.off("data", this.#count).off("error", this.#onCut).off("close", this.#onCut);
  }

  #toForm(values: readonly unknown[]): Record<string, unknown> {
    const form = new BareObject() as Record<string, unknown>;
    const lists = new Set<string>();
    for (const [index, { name }] of this.#parts.entries()) {
      if (name === "__proto__") continue;
      const value = values[index];
      if (value === noFile) continue;
      if (!(name in form)) {
        form[name] = value;
      } else if (lists.has(name)) {
        (form[name] as unknown[]).push(value);
      } else {
        form[name] = [form[name], value];
        lists.add(name);
      }
    }
    return form;
  }
}

// The parser of forms waits until a file has been read to its end. A destroyed stream does not report its end. In that
// case the rest of the file is skipped, and only the parser gets the end.
function skipWhenDestroyed(stream: Readable): void {
  const [tellEnd] = stream.listeners("end");
  const push = stream.push.bind(stream);
  let hasEnded = false;
  let isClosed = false;
  stream.push = (chunk: unknown, encoding?: BufferEncoding) => {
    if (chunk === null) hasEnded = true;
    if (!stream.destroyed) return push(chunk, encoding);
    if (isClosed && hasEnded) tellEnd?.call(stream);
    return true;
  };
  stream.once("close", () => {
    if (stream.readableEnded) return;
    isClosed = true;
    if (hasEnded) tellEnd?.call(stream);
    else stream._read(0);
  });
}

// RFC 2046 5.1.1. The parser of forms has already accepted this boundary.
function toBoundary(type: string): string {
  const match = /;\s*boundary=(?:"((?:[^"\\]|\\.)*)"|([^;\s]*))/i.exec(type);
  return match?.[1]?.replace(/\\(.)/g, "$1") ?? match?.[2] ?? "";
}

// Takes the last part of a name that may be a whole path, and removes characters that a terminal or a file system could
// interpret.
function toFileName(given: string | undefined): string {
  const last = (given ?? "").split(/[/\\]/).at(-1) ?? "";
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the expression removes them
  const name = last.replace(/[\x00-\x1f\x7f]/g, "").slice(0, 255);
  return name === "" || name === "." || name === ".." ? "file" : name;
}
