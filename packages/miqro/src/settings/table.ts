import type { TrustProxy } from "@miqro/core";
import type { Setting } from "./setting.js";

/** The values of the settings by their names, which are the keys of `miqro.json` as well. */
export interface SettingValues {
  services: readonly string[];
  noBuild: boolean;
  noMinify: boolean;
  clientBundle: boolean;
  inflateParallel: string | number;
  jsxTmp: string;
  clearJsxCache: string;
  watch: boolean;
  port: string | number;
  host: string;
  name: string;
  config: string;
  disableMiqroJson: boolean;
  envFile: string;
  allowedHosts: readonly string[];
  testReporter: string;
  testNamePattern: string;
  testCoverage: boolean;
  trustProxy: TrustProxy;
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
    default: { text: "compile sources", value: false },
    help: "run what tsc wrote",
    group: "Serve",
    readBy: "composition",
  },
  noMinify: {
    json: "boolean?",
    flag: { name: "no-minify", type: "boolean" },
    help: "leave bundles of client code readable",
    group: "Serve",
    readBy: "composition",
  },
  clientBundle: {
    json: "boolean?",
    flag: { name: "client-bundle", type: "boolean" },
    help: "with --no-build: bundle client code",
    group: "Serve",
    readBy: "composition",
  },
  inflateParallel: {
    json: "string|number?",
    flag: { name: "inflate-parallel", type: "string", value: "N" },
    default: { text: "1" },
    help: "instances of esbuild at once",
    group: "Serve",
    readBy: "composition",
  },
  jsxTmp: {
    env: "JSX_TMP",
    default: { text: "node_modules/.cache/miqro" },
    help: "where compiled files are kept",
    group: "Serve",
    readBy: "command line",
  },
  clearJsxCache: {
    env: "CLEAR_JSX_CACHE",
    help: "1 compiles anew, 0 keeps old compiled files",
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
      text: "any; local ones with --watch",
      value: ({ watch }) => (watch === true ? [] : undefined) as readonly string[],
    },
    help: "a Host to answer",
    group: "Serve",
    readBy: "composition",
  },
  testReporter: {
    flag: { name: "test-reporter", type: "string", value: "NAME" },
    default: { text: "spec" },
    help: "tap, dot, junit or a module",
    group: "Test",
    readBy: "command line",
  },
  testNamePattern: {
    flag: { name: "test-name-pattern", type: "string", value: "TEXT" },
    help: "run tests whose names match",
    group: "Test",
    readBy: "command line",
  },
  testCoverage: {
    flag: { name: "test-coverage", type: "boolean" },
    help: "tell which lines the tests ran",
    group: "Test",
    readBy: "command line",
  },
  trustProxy: { json: "boolean|number|string[]?", group: "Serve", readBy: "composition" },
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
  { key: "db", env: "DB" },
  { env: "DB_CONNECTION" },
  { env: "DB_DIALECT" },
  { env: "DB_STORAGE" },
  boolean("editor", "editor"),
  string("generate-doc-out"),
  string("generate-doc-type"),
  boolean("hot-reload"),
  boolean("https", "https", "HTTPS"),
  string("https-cert", "httpsCert", "HTTPS_CERT"),
  string("https-key", "httpsKey", "HTTPS_KEY"),
  string("https-redirect", "httpsRedirect", "HTTPS_REDIRECT"),
  string("inflate-dir", "inflateDir"),
  boolean("inflate-flat"),
  boolean("inflate-only-assets", "inflateOnlyAssets"),
  string("log-file", "logFile", "LOG_FILE"),
  { key: "serverOptions" },
];
