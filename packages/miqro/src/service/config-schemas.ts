import type { Fields } from "../config/check-fields.js";
import type { ConfigName } from "./scan-service.js";

/** A config file: the fields of its default export, and whether that may be a list. */
export interface ConfigSchema {
  readonly fields: Fields;
  readonly list?: true;
  /** The fields of the objects in some of its fields. */
  readonly nested?: Readonly<Record<string, Fields>>;
}

const sessionOptions: Fields = {
  tokenLocation: "string?",
  tokenLocationName: "string|function?",
  required: "boolean?",
  path: "string|string[]?",
  exclude: "string|string[]?",
};

/** What each config file may hold. */
export const configSchemas: Readonly<Record<ConfigName, ConfigSchema>> = {
  db: {
    list: true,
    fields: {
      dialect: "string?",
      name: "string",
      storage: "string?",
      connectionString: "string?",
      url: "string?",
      disabled: "boolean?",
      pool: "any?",
    },
  },
  ws: {
    list: true,
    fields: {
      path: "string",
      disabled: "boolean?",
      maxConnections: "integer?",
      maxPayload: "integer?",
      maxBuffered: "integer?",
      origins: "string|string[]?",
      validate: "function?",
      onConnection: "function?",
      onMessage: "function?",
      onDisconnect: "function?",
      onError: "function?",
    },
  },
  auth: {
    fields: { verify: "function?", authService: "any?", options: "any?", ...sessionOptions },
    nested: { authService: { verify: "function" }, options: sessionOptions },
  },
  server: {
    fields: {
      preload: "function?",
      load: "function?",
      start: "function?",
      stop: "function?",
      unload: "function?",
    },
  },
  middleware: { fields: { middleware: "function|function[]?", post: "function|function[]?" } },
  catch: { fields: { catch: "function|function[]" } },
};

/** A migration file. */
export const migrationFields: Fields = {
  name: "string?",
  dbName: "string?",
  up: "function",
  down: "function?",
};

/** A route declaration, and the options of a page. */
export const routeFields: Fields = {
  name: "string?",
  description: "string?",
  tags: "string[]?",
  path: "any?",
  method: "any?",
  policy: "any?",
  session: "any?",
  middleware: "any?",
  request: "any?",
  response: "any?",
  deprecated: "boolean?",
  headersMode: "string?",
  queryMode: "string?",
  paramsMode: "string?",
  bodyMode: "string?",
  handler: "any?",
};
