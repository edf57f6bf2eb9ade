import type { Fields } from "../config/check-fields.js";
import type { ConfigName } from "./scan-service.js";

/** An object with objects in some of its fields. */
export interface ObjectSchema {
  readonly fields: Fields;
  readonly nested?: Readonly<Record<string, Fields>>;
}

/** The default export of a config file, and whether that may be a list. */
export interface ConfigSchema extends ObjectSchema {
  readonly list?: true;
}

const positive = { type: "integer?", min: 1 } as const;

const sessionOptions: Fields = {
  tokenLocation: { type: "enum?", values: ["header", "cookie", "query", "free"] },
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
      pooler: "boolean?",
    },
  },
  ws: {
    list: true,
    fields: {
      path: "string",
      disabled: "boolean?",
      maxConnections: positive,
      maxPayload: positive,
      maxBuffered: positive,
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
  rebuild: "boolean?",
};

const mode = { type: "enum?", values: ["no_extra", "remove_extra", "add_extra"] } as const;

/** What a page or a value may declare; a handler of its own is what the file exports by default. */
export const routeOptions: ObjectSchema = {
  fields: {
    name: "string?",
    description: "string?",
    tags: "string[]?",
    path: { type: "union?", anyOf: ["string", { type: "array", items: "string", minLength: 1 }, "null"] },
    method: { type: "union?", anyOf: ["string", { type: "array", items: "string", minLength: 1 }] },
    policy: "object?",
    session: "object|function?",
    middleware: "function|function[]?",
    request: "object?",
    response: "object?",
    deprecated: "boolean?",
  },
  nested: {
    policy: {
      groups: { type: "array", items: "string|string[]" },
      groupPolicy: { type: "enum?", values: ["at_least_one", "all"] },
    },
    session: { verify: "function?", authService: "object?", options: "object?", ...sessionOptions },
    request: {
      headers: "any?",
      query: "any?",
      params: "any?",
      body: "any?",
      headersMode: mode,
      queryMode: mode,
      paramsMode: mode,
      bodyMode: mode,
    },
    response: {
      status: { type: "union?", anyOf: ["integer", { type: "array", items: "integer", minLength: 1 }] },
      headers: "any?",
      body: "any?",
    },
  },
};

/** A route declaration. */
export const routeDeclaration: ObjectSchema = {
  ...routeOptions,
  // A function, or a router.
  fields: { ...routeOptions.fields, handler: "function|object" },
};
