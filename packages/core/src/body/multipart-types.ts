import type { Readable } from "node:stream";
import type { OpenRequest } from "../exchange/types.js";

/** A file of a form that was written to disk. It is removed after the answer, unless it was moved elsewhere. */
export interface UploadedFile {
  /** The name of the form's field. */
  readonly field: string;
  /** The name that the client gave, without folders; never part of `path`. */
  readonly name: string;
  /** The media type that the client gave. */
  readonly type: string;
  /** In bytes. */
  readonly size: number;
  /** Where it is. */
  readonly path: string;
}

/** A file of a form, as it comes. */
export interface IncomingFile {
  /** The name of the form's field. */
  readonly field: string;
  /** The name that the client gave, without folders. */
  readonly name: string;
  /** The media type that the client gave. */
  readonly type: string;
  /**
   * Ends with an error when the file is over its limit or the client goes away. Destroying it skips the rest of the
   * file; an error that it is destroyed with is that of the form.
   */
  readonly stream: Readable;
}

/** How forms with files are read. Sizes are in bytes, or such as `"1mb"`. */
export interface MultipartOptions {
  /** Gets each file as it comes, in place of the disk. What it returns stands in `req.body`. */
  readonly onFile?: (file: IncomingFile, req: OpenRequest) => unknown;
  /** Where files are written. Default: the system's folder for temporary files. */
  readonly folder?: string;
  /** Default 10. */
  readonly files?: number;
  /** Default 100. */
  readonly fields?: number;
  /** Of each file. Default `"10mb"`. */
  readonly fileSize?: number | string;
  /** Of each value. Default `"64kb"`. */
  readonly fieldSize?: number | string;
}
