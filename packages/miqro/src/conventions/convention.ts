import type { Router } from "@miqro/core";
import type { CompositionParts } from "../composition/parts.js";
import type { FileProblems } from "../options/file-problems.js";
import type { LoadedService } from "../service/load-service.js";
import type { ServiceFile } from "../service/scan-service.js";
import type { FileTemplate } from "./file-template.js";

/** The meaning of a config file of a service, such as `db.ts`. `Config` is the type of its default export. */
export interface Convention<Config = unknown> {
  /** A template for a new file of this convention. */
  readonly template?: FileTemplate;

  /** Set if the file may export an array of configs. */
  readonly list?: true;

  /**
   * Adds the errors of one config to the problems of its file.
   * @param what - the name of the config in messages, such as `the default export`
   */
  check(config: Config, problems: FileProblems, what: string): void;

  /** Runs once for a composition that has such files, before any router is made. It gets the files of all services. */
  compose?(files: readonly ConventionFile<Config>[], parts: CompositionParts): void | Promise<void>;

  /** Adds one config to the router of its service, before the routes, in the order of the table. */
  mount?(config: Config, router: Router, parts: CompositionParts): void;
}

/** A config file that was loaded and checked. */
export interface ConventionFile<Config = unknown> {
  readonly file: ServiceFile;
  readonly service: LoadedService;
  /** Its exports; one config unless the convention takes an array. */
  readonly configs: readonly Config[];
}
