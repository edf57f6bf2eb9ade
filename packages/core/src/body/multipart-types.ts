import type { Readable } from "node:stream";
import type { OpenRequest } from "../exchange/types.js";

/** A file of a form that was written to disk. It is removed after the answer, unless you have moved it. */
export interface UploadedFile {
  /** The name of the form's field. */
  readonly field: string;
  /** The name that the client sent, without folders. It is never part of `path`. */
  readonly name: string;
  /** The media type that the client sent. */
  readonly type: string;
  /** The size in bytes. */
  readonly size: number;
  /** The path of the file on disk. */
  readonly path: string;
}

/** A file of a form, while it arrives. */
export interface IncomingFile {
  /** The name of the form's field. */
  readonly field: string;
  /** The name that the client sent, without folders. */
  readonly name: string;
  /** The media type that the client sent. */
  readonly type: string;
  /**
   * The content. It ends with an error when the file is over its limit or the client goes away. If you destroy it, the
   * rest of the file is skipped. If you destroy it with an error, the form fails with that error.
   */
  readonly stream: Readable;
}

/** The options of {@link MultipartParser}. Sizes are in bytes, or strings such as `"1mb"`. */
export interface MultipartOptions {
  /** Gets each file as it arrives, instead of the disk. Its return value is the value of the field in `req.body`. */
  readonly onFile?: (file: IncomingFile, req: OpenRequest) => unknown;
  /** The folder for files. Default: the system's folder for temporary files. */
  readonly folder?: string;
  /** The largest number of files. Default 10. */
  readonly files?: number;
  /** The largest number of fields. Default 100. */
  readonly fields?: number;
  /** The largest size of a file. Default `"10mb"`. */
  readonly fileSize?: number | string;
  /** The largest size of a field. Default `"64kb"`. */
  readonly fieldSize?: number | string;
}
