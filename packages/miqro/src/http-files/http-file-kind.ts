import type { Handler, Router } from "@miqro/core";
import type { CompositionParts } from "../composition/parts.js";
import type { FileTemplate } from "../conventions/file-template.js";
import type { FileProblems } from "../options/file-problems.js";
import type { ModuleExports } from "../service/load-module.js";
import type { HttpFile, ServiceFile } from "../service/scan-service.js";

/** The meaning of a kind of file below `http/`. `Value` is the kept part of a file after it was read. */
export interface HttpFileKind<Value = unknown> {
  /** A file of this kind to begin with. */
  readonly template?: FileTemplate;

  /** Reads and checks a file. Undefined when something is wrong with it, which goes to `problems`. */
  read(file: HttpFile, reader: HttpFileReader): Promise<Value | undefined>;

  /** The requests that a file answers, to find two files that answer the same. GET its paths unless given. */
  claims?(file: HttpFile, value: Value): readonly Claim[];

  /** Runs once for a composition that has such files, before any router is made, with those of all services. */
  compose?(files: readonly LoadedHttpFile<Value>[], parts: CompositionParts): void | Promise<void>;

  /** The handler of requests for a file. Only kinds whose files can be the 404 page have it. */
  toHandler?(file: HttpFile, value: Value, parts: CompositionParts): Handler;

  /** Makes the whole page of a file, where it is the same for every request. Undefined where it is not. */
  toDocument?(file: HttpFile, value: Value, parts: CompositionParts): (() => Promise<string>) | undefined;

  /** When the page of a file was published, in ISO 8601, where the file says so. */
  published?(value: Value): string | undefined;

  /** Adds the routes of a file to the router of its service, best with `mountRoute`, which knows of endings. */
  mount(file: HttpFile, value: Value, router: RouteMount, parts: CompositionParts): void;

  /** Makes a router for all files of its folder and of those in it. It is called before any file is mounted. */
  openScope?(file: HttpFile, value: Value): Router;

  /**
   * Adds the route of the folder that a file is the page of, best with `mountIndex`. Kinds that can be pages have it.
   */
  mountIndex?(file: HttpFile, value: Value, router: RouteMount, parts: CompositionParts): void;
}

/** The place to which a file adds its routes, by their whole paths in the service. */
export type RouteMount = Pick<Router, "route" | "get">;

/** The context in which a file is read. */
export interface HttpFileReader {
  readonly problems: FileProblems;
  /** The values that the readers of one load share, by keys of their own. */
  readonly memory: Map<string, unknown>;
  /** Whether texts stay in memory from the start; a static site needs each once. */
  readonly keepsTexts: boolean;
  /** The file that runs in place of a script of the service that this one found by its name. */
  fileOf(source: string): ServiceFile;
  /** Imports the module that runs in place of the file; undefined when it cannot be loaded, which is told then. */
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
