import { MiqroError } from "../errors.js";
import type { Fields } from "../options/check-fields.js";
import { parseSiteBase } from "./site-base.js";

/** How a static site is made. */
export interface InflateOptions {
  /** The folder to write to. Without it, the files stay in memory. */
  inflateDir?: string;
  /**
   * True writes the files of all services directly into the folder. False writes the files of each service into
   * `SERVICE/static/`. Default false.
   */
  inflateFlat?: boolean;
  /**
   * True writes static files, style sheets and client code only: no handler runs, and no database connects. Default
   * false.
   */
  inflateOnlyAssets?: boolean;
  /** The number of pages that are made at the same time. Default 4. */
  inflateParallel?: number | string;
  /**
   * The future URL of the site: a path such as `/repo/`, or a URL such as `https://example.com/repo/`. A URL adds
   * `sitemap.xml`, `llms.txt`, and, if pages have a date, `feed.xml`. Default `/`.
   */
  inflateBase?: string;
  /** Aborting this signal cancels the run: it rejects with the reason, and nothing is written. */
  signal?: AbortSignal;
  /** Called after each requested path. */
  onProgress?(progress: InflateProgress): void;
}

/** The progress of an inflate. */
export interface InflateProgress {
  /** The number of answered paths. */
  readonly done: number;
  /** The number of all paths. */
  readonly total: number;
  /** The path of the latest answer. */
  readonly path: string;
}

/** A file of a static site. */
export interface InflatedFile {
  /** The path of the request that it answers. */
  readonly path: string;
  /** The `Content-Type` of the answer. */
  readonly contentType: string;
  /** Its bytes, if it stays in memory. */
  readonly body?: Buffer;
}

/** A route that is not part of a static site, because it refuses some clients. */
export interface LeftOutRoute {
  /** The path of the route. */
  readonly path: string;
  /** The source file of the route. */
  readonly file: string;
  /** The status of its answer: 401 or 403. */
  readonly status: number;
}

/** The result of an inflate. */
export interface InflateResult {
  /** Every file. The key is its path below the folder, with `/` between the names. */
  readonly files: ReadonlyMap<string, InflatedFile>;
  /** The routes that answered 401 or 403, so that they are not part of the site. */
  readonly leftOut: readonly LeftOutRoute[];
  /** The features of the live server that a file server lacks, in full sentences. */
  readonly notes: readonly string[];
  /** The number of files that are new or have changed bytes. */
  readonly written: number;
  /** The number of files that had the same bytes already. */
  readonly unchanged: number;
  /** The number of files of an earlier run that were removed. */
  readonly removed: number;
  /** The number of Markdown files that were rendered, and the number that were unchanged since an earlier run. */
  readonly markdown: { readonly rendered: number; readonly reused: number };
}

const fields: Fields = {
  inflateDir: "string1?",
  inflateFlat: "boolean?",
  inflateOnlyAssets: "boolean?",
  inflateParallel: "string|number?",
  inflateBase: "string?",
  signal: "any?",
  onProgress: "function?",
};

/**
 * Whether the options are certainly valid. Otherwise the check itself, with its messages, is loaded.
 */
export function areInflateOptionsSound(options: InflateOptions): boolean {
  const isFlag = (value: unknown) => value === undefined || typeof value === "boolean";
  const {
    inflateDir,
    inflateFlat,
    inflateOnlyAssets,
    inflateParallel,
    inflateBase,
    signal,
    onProgress,
    ...others
  } = Object(options) as InflateOptions;
  return (
    Object.keys(others).length === 0 &&
    (inflateDir === undefined || (typeof inflateDir === "string" && inflateDir !== "")) &&
    (signal === undefined || signal instanceof AbortSignal) &&
    isFlag(inflateFlat) &&
    isFlag(inflateOnlyAssets) &&
    inflateParallel === undefined &&
    inflateBase === undefined &&
    (onProgress === undefined || typeof onProgress === "function")
  );
}

/**
 * Reports all errors in the options of `inflate()`.
 * @throws {MiqroError} `MIQRO_ARGUMENT`
 */
export async function checkInflateOptions(options: InflateOptions): Promise<void> {
  const { checkFields } = await import("../options/check-fields.js");
  const faults = checkFields(options, fields, "the options of inflate()");
  const { inflateParallel, inflateBase } = Object(options) as InflateOptions;
  const isNumber = ["number", "string"].includes(typeof inflateParallel);
  if (isNumber && !/^[1-9]\d{0,3}$/.test(String(inflateParallel))) {
    faults.push(
      `inflateParallel must be a number from 1 to 9999, received: ${inflateParallel}. It is the number of pages that are made at the same time.`,
    );
  }
  const { signal } = Object(options) as InflateOptions;
  if (signal !== undefined && !(signal instanceof AbortSignal)) {
    faults.push('"signal" in the options of inflate() must be an AbortSignal.');
  }
  if (typeof inflateBase === "string") {
    const base = parseSiteBase(inflateBase);
    if (typeof base === "string") faults.push(base);
  }
  if (faults.length > 0) throw new MiqroError("MIQRO_ARGUMENT", faults.join("\n"));
}
