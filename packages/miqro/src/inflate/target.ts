import type { LoadedService } from "../service/load-service.js";

/** One path of a static site, before it is answered. */
export interface Target {
  readonly service: LoadedService;
  /** The file that answers it, or asks for it, for messages. */
  readonly source: string;
  /** Percent-encoded. */
  readonly path: string;
  /** Decoded. */
  readonly decoded: string;
  /** The name of its file below the root, where that is known before its content type is. */
  readonly name: string | undefined;
  /** Whether a handler of the app makes it. */
  readonly isPage: boolean;
  /** Whether it is the first path of its source or parameters: another one shows the same page again. */
  readonly isFirst: boolean;
  /** When it was published, where its source says so. */
  readonly date?: string | undefined;
  /** Makes its HTML, where no request has a part in it. */
  readonly document?: (() => Promise<string>) | undefined;
  /** The file that is served unchanged. */
  readonly disk?: string;
}

/** A target that is answered. */
export interface Answered {
  readonly target: Target;
  readonly status: number;
  readonly contentType: string;
  readonly location: string | undefined;
  /** Undefined where the file on the disk is to be copied. */
  readonly body: Buffer | undefined;
  /** The exception of a handler. */
  readonly error: unknown;
}
