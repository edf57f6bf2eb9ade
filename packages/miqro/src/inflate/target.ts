import type { LoadedService } from "../service/load-service.js";

/** One path of a static site, before its request. */
export interface Target {
  readonly service: LoadedService;
  /** The source file of the route, or the file that names the path, for messages. */
  readonly source: string;
  /** The path, percent-encoded. */
  readonly path: string;
  /** The path, decoded. */
  readonly decoded: string;
  /** The name of its file below the root, if the name is known before the content type. */
  readonly name: string | undefined;
  /** Whether a handler of the app makes the answer. */
  readonly isPage: boolean;
  /** Whether it is the first path of its source or parameters. Another path shows the same page again. */
  readonly isFirst: boolean;
  /** The date of publication, if the source contains it. */
  readonly date?: string | undefined;
  /** Makes the HTML of the page, if it does not depend on a request. */
  readonly document?: (() => Promise<string>) | undefined;
  /** The file that is served unchanged. */
  readonly disk?: string;
}

/** A target with its answer. */
export interface Answered {
  readonly target: Target;
  readonly status: number;
  readonly contentType: string;
  readonly location: string | undefined;
  /** Undefined if the file on the disk must be copied. */
  readonly body: Buffer | undefined;
  /** The exception of a handler. */
  readonly error: unknown;
}
