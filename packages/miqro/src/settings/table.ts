import type { TrustProxy } from "@miqro/core";
import type { Setting } from "./setting.js";

/** The values of the settings by their names, which are the keys of `miqro.json` as well. */
export interface SettingValues {
  services: readonly string[];
  noBuild: boolean;
  watch: boolean;
  port: string | number;
  host: string;
  name: string;
  config: string;
  disableMiqroJson: boolean;
  envFile: string;
  allowedHosts: readonly string[];
  trustProxy: TrustProxy;
  generateDocOut: string;
  generateDocType: string;
  generateDocAll: boolean;
  compileOut: string;
  compileNode: string;
}

/** Every setting that this version has, in the order of `--help`. */
export const settings: { readonly [Name in keyof SettingValues]: Setting<SettingValues[Name]> } = {
  services: {
    json: "string[]?",
    flag: { name: "service", type: "strings", value: "DIR" },
    help: "a service folder; repeat it, order counts",
    group: "Serve",
    readBy: "composition",
  },
  noBuild: {
    json: "boolean?",
    flag: { name: "no-build", type: "boolean" },
    help: "run what tsc wrote; needed for now",
    group: "Serve",
    readBy: "command line",
  },
  watch: {
    flag: { name: "watch", type: "boolean" },
    help: "replace the worker when files change",
    group: "Serve",
    readBy: "command line",
  },
  port: {
    json: "string|number?",
    flag: { name: "port", type: "string", value: "PORT" },
    env: "PORT",
    default: { text: "8080" },
    group: "Serve",
    readBy: "composition",
  },
  host: {
    json: "string?",
    flag: { name: "host", type: "string", value: "HOST" },
    default: {
      text: "all, 127.0.0.1 with --watch",
      value: ({ watch }) => (watch === true ? "127.0.0.1" : undefined) as string,
    },
    group: "Serve",
    readBy: "composition",
  },
  name: {
    json: "string?",
    flag: { name: "name", type: "string", value: "NAME" },
    default: { text: "server", value: "server" },
    help: "the server's name",
    group: "Serve",
    readBy: "composition",
  },
  config: {
    flag: { name: "config", type: "string", value: "FILE" },
    default: { text: "./miqro.json, where there is one" },
    group: "Serve",
    readBy: "command line",
  },
  disableMiqroJson: {
    flag: { name: "disable-miqrojson", type: "boolean" },
    help: "ignore miqro.json",
    group: "Serve",
    readBy: "command line",
  },
  envFile: {
    json: "string?",
    flag: { name: "env-file", type: "string", value: "FILE" },
    help: "read variables from it, unless they are set",
    group: "Serve",
    readBy: "command line",
  },
  allowedHosts: {
    json: "string[]?",
    flag: { name: "allowed-host", type: "strings", value: "NAME" },
    default: {
      text: "any; local with --watch",
      value: ({ watch }) => (watch === true ? [] : undefined) as readonly string[],
    },
    help: "a Host to answer",
    group: "Serve",
    readBy: "composition",
  },
  trustProxy: { json: "boolean|number|string[]?", group: "Serve", readBy: "composition" },
  generateDocOut: {
    flag: { name: "generate-doc-out", type: "string", value: "FILE", of: "generate-doc" },
    default: { text: "API.md" },
    help: "the file to write",
    group: "Documents",
    readBy: "command line",
  },
  generateDocType: {
    flag: { name: "generate-doc-type", type: "string", value: "TYPE", of: "generate-doc" },
    default: { text: "MD" },
    help: "MD, JSON, HTML, OPENAPI or LLMS",
    group: "Documents",
    readBy: "command line",
  },
  generateDocAll: {
    flag: { name: "generate-doc-all", type: "boolean", of: "generate-doc" },
    help: "all routes, not those of .api.ts only",
    group: "Documents",
    readBy: "command line",
  },
  compileOut: {
    flag: { name: "compile-out", type: "string", value: "FILE", of: "compile" },
    default: { text: "the server's name" },
    help: "the executable to write",
    group: "Executable",
    readBy: "command line",
  },
  compileNode: {
    flag: { name: "compile-node", type: "string", value: "FILE", of: "compile" },
    default: { text: "this one" },
    help: "the node that it becomes",
    group: "Executable",
    readBy: "command line",
  },
};

/** A setting that is known, and refused as not available yet. Its variable is only told of: others may mean it. */
export interface LaterSetting {
  /** The key of `miqro.json`. */
  readonly key?: string;
  readonly flag?: { readonly name: string; readonly type: "boolean" | "string" };
  readonly env?: string;
}

const boolean = (name: string, key?: string, env?: string): LaterSetting => ({
  flag: { name, type: "boolean" },
  ...(key === undefined ? {} : { key }),
  ...(env === undefined ? {} : { env }),
});
const string = (name: string, key?: string, env?: string): LaterSetting => ({
  flag: { name, type: "string" },
  ...(key === undefined ? {} : { key }),
  ...(env === undefined ? {} : { env }),
});

/** The settings to come. One that is built moves to the table above. */
export const laterSettings: readonly LaterSetting[] = [
  { key: "backplane" },
  string("browser", "browser", "BROWSER"),
  { env: "CLEAR_JSX_CACHE" },
  boolean("client-bundle", "clientBundle"),
  { key: "db", env: "DB" },
  { env: "DB_CONNECTION" },
  { env: "DB_DIALECT" },
  { env: "DB_STORAGE" },
  boolean("editor", "editor"),
  boolean("hot-reload"),
  boolean("https", "https", "HTTPS"),
  string("https-cert", "httpsCert", "HTTPS_CERT"),
  string("https-key", "httpsKey", "HTTPS_KEY"),
  string("https-redirect", "httpsRedirect", "HTTPS_REDIRECT"),
  string("inflate-dir", "inflateDir"),
  boolean("inflate-flat"),
  boolean("inflate-only-assets", "inflateOnlyAssets"),
  string("inflate-parallel", "inflateParallel"),
  { env: "JSX_TMP" },
  string("log-file", "logFile", "LOG_FILE"),
  boolean("no-minify", "noMinify"),
  { key: "serverOptions" },
  string("test-name-pattern"),
  string("test-reporter"),
];
