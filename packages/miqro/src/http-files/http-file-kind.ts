import type { Handler, Router } from "@miqro/core";
import type { CompositionParts } from "../composition/parts.js";
import type { FileTemplate } from "../conventions/file-template.js";
import type { FileProblems } from "../options/file-problems.js";
import type { ModuleExports } from "../service/load-module.js";
import type { HttpFile, ServiceFile } from "../service/scan-service.js";

/** The meaning of a kind of file below `http/`. `Value` is the part of a read file that is kept. */
export interface HttpFileKind<Value = unknown> {
  /** A template for a new file of this kind. */
  readonly template?: FileTemplate;

  /** Reads and checks a file. If the file has an error, it is added to `problems`, and the result is undefined. */
  read(file: HttpFile, reader: HttpFileReader): Promise<Value | undefined>;

  /**
   * The requests that a file answers. They are used to find two files for the same request. Default: GET of its paths.
   */
  claims?(file: HttpFile, value: Value): readonly Claim[];

  /** Runs once for a composition that has such files, before any router is made. It gets the files of all services. */
  compose?(files: readonly LoadedHttpFile<Value>[], parts: CompositionParts): void | Promise<void>;

  /** The handler of requests for a file. Only kinds that can be the 404 page have it. */
  toHandler?(file: HttpFile, value: Value, parts: CompositionParts): Handler;

  /** Makes the whole page of a file, if it is the same for every request. Otherwise undefined. */
  toDocument?(file: HttpFile, value: Value, parts: CompositionParts): (() => Promise<string>) | undefined;

  /** The date of publication of the page of a file, in ISO 8601, if the file contains one. */
  published?(value: Value): string | undefined;

  /** Adds the routes of a file to the router of its service. Use `mountRoute`, which handles suffixes. */
  mount(file: HttpFile, value: Value, router: RouteMount, parts: CompositionParts): void;

  /**
   * Makes a router for all files of its folder and of the folders below it. It is called before any file is mounted.
   */
  openScope?(file: HttpFile, value: Value): Router;

  /**
   * Adds the route of the folder, if the file is its index page. Use `mountIndex`. Kinds that can be pages have it.
   */
  mountIndex?(file: HttpFile, value: Value, router: RouteMount, parts: CompositionParts): void;
}

/** The router to which a file adds its routes, by their whole paths in the service. */
export type RouteMount = Pick<Router, "route" | "get">;

/** The context in which a file is read. */
export interface HttpFileReader {
  readonly problems: FileProblems;
  /** Values that are shared by all files of one load. The key is chosen by the reader. */
  readonly memory: Map<string, unknown>;
  /** Whether texts stay in memory from the start. A static site needs each text only once. */
  readonly keepsTexts: boolean;
  /** Returns the file that runs in place of a script that this file found by its name. */
  fileOf(source: string): ServiceFile;
  /**
   * Imports the module that runs in place of the file. If it cannot be loaded, the error is reported and the result is
   * undefined.
   */
  load(): Promise<ModuleExports | undefined>;
}

/** A file below `http/` that was read and checked. */
export interface LoadedHttpFile<Value = unknown> {
  readonly file: HttpFile;
  readonly kind: HttpFileKind<Value>;
  readonly value: Value;
}

/** A request that a file answers. */
export interface Claim {
  readonly method: string;
  readonly path: string;
  /** The suffix that the last parameter of the path must have. */
  readonly suffix?: string | undefined;
}
