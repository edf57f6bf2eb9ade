import type { TrustProxy } from "@miqro/core";
import type { Setting } from "./setting.js";

/** The values of the settings by their names. The keys of `miqro.json` have the same names. */
export interface SettingValues {
  services: readonly string[];
  noBuild: boolean;
  noMinify: boolean;
  clientBundle: boolean;
  inflateParallel: string | number;
  jsxTmp: string;
  clearJSXCache: string;
  editor: boolean;
  editorHost: string;
  port: string | number;
  host: string;
  name: string;
  browser: string | boolean;
  logFile: string | boolean;
  trustProxy: TrustProxy;
  allowedHosts: readonly string[];
  backplane: string;
  https: boolean;
  httpsKey: string;
  httpsCert: string;
  httpsRedirect: string | number;
  watch: boolean;
  hotReload: boolean;
  inspect: string | boolean;
  config: string;
  disableMiqroJSON: boolean;
  envFile: string;
  testReporter: string;
  testNamePattern: string;
  testCoverage: boolean;
  noCompression: boolean;
  inflateDir: string;
  inflateFlat: boolean;
  inflateOnlyAssets: boolean;
  inflateBase: string;
  db: boolean;
  dbDialect: string;
  dbStorage: string;
  dbConnection: string;
  generateDocOut: string;
  generateDocType: string;
  generateDocAll: boolean;
  inflateSEA: boolean;
  compileOut: string;
  compileNode: string;
  app: string;
  logLevel: string;
  logFormat: string;
  nodeEnv: string;
  clusterCount: string;
  clusterDrainDelay: string;
  clusterDisableRestart: string;
}

/** Every setting of this version, in the order of `--help`. */
export const settings: { readonly [Name in keyof SettingValues]: Setting<SettingValues[Name]> } = {
  services: {
    json: "string[]?",
    flag: { name: "service", type: "strings", value: "DIR" },
    help: "a service folder; repeat for more, in order",
    group: "Serve",
    readBy: "composition",
    isPath: true,
  },
  noBuild: {
    json: "boolean?",
    flag: { name: "no-build", type: "boolean" },
    default: { text: "compile sources", value: false },
    help: "run the output of tsc",
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
    default: { text: "1 and 4" },
    help: "number of esbuild runs, and of pages, at one time",
    group: "Serve",
    readBy: "composition",
  },
  jsxTmp: {
    env: "JSX_TMP",
    default: { text: "node_modules/.cache/miqro" },
    help: "the folder for compiled files",
    group: "Serve",
    readBy: "environment",
  },
  clearJSXCache: {
    env: "CLEAR_JSX_CACHE",
    help: "1 compiles everything again, 0 keeps all compiled files",
    group: "Serve",
    readBy: "environment",
  },
  port: {
    json: "string|number?",
    flag: { name: "port", type: "string", value: "PORT" },
    env: "PORT",
    default: { text: "8080, with HTTPS 8443" },
    help: "the port to listen on",
    group: "Serve",
    readBy: "composition",
    serves: true,
    fault: portFault,
  },
  host: {
    json: "string?",
    flag: { name: "host", type: "string", value: "HOST" },
    default: {
      text: "all, 127.0.0.1 with --watch",
      value: ({ watch }) => (watch === true ? "127.0.0.1" : undefined) as string,
    },
    help: "the address to listen on",
    group: "Serve",
    readBy: "composition",
    serves: true,
  },
  name: {
    json: "string?",
    flag: { name: "name", type: "string", value: "NAME" },
    default: { text: "server", value: "server" },
    help: "the server's name",
    group: "Serve",
    readBy: "composition",
  },
  browser: {
    json: "boolean|string?",
    flag: { name: "browser", type: "string", value: "NAME" },
    env: "BROWSER",
    help: "open a browser: true, or its name",
    group: "Serve",
    readBy: "command line",
    serves: true,
  },
  logFile: {
    json: "boolean|string?",
    flag: { name: "log-file", type: "string", value: "FILE" },
    env: "LOG_FILE",
    default: { text: "./server.log", value: "server.log" },
    help: "the log file; false for no file",
    group: "Serve",
    readBy: "composition",
    isPath: true,
  },
  trustProxy: {
    json: "boolean|number|string[]?",
    help: "the proxies whose X-Forwarded-* headers are used: true, a number of proxies, or addresses",
    group: "Serve",
    readBy: "composition",
  },
  allowedHosts: {
    json: "string[]?",
    flag: { name: "allowed-host", type: "strings", value: "NAME" },
    default: {
      text: "any; local with --watch",
      value: ({ watch }) => (watch === true ? [] : undefined) as readonly string[],
    },
    help: "answer requests with this Host header",
    group: "Serve",
    readBy: "composition",
    serves: true,
  },
  backplane: {
    json: "string?",
    env: "MIQRO_BACKPLANE",
    default: { text: "ipc, this machine", value: "ipc" },
    help: "redis://HOST:PORT shares caches and events with other machines",
    group: "Serve",
    readBy: "environment",
    fault: (value, what) =>
      /^(?:ipc$|rediss?:\/\/)/.test(value)
        ? undefined
        : `${what} is ${JSON.stringify(value)}, but must be "ipc", or the URL of a Redis, such as "redis://10.0.0.5:6379".`,
    mask: (value) => value.replace(/:\/\/[^@/]*@/, "://***@"),
  },
  https: {
    json: "boolean?",
    flag: { name: "https", type: "boolean" },
    env: "HTTPS",
    help: "serve HTTPS",
    group: "HTTPS",
    readBy: "composition",
    serves: true,
  },
  httpsKey: {
    json: "string?",
    flag: { name: "https-key", type: "string", value: "FILE" },
    env: "HTTPS_KEY",
    help: "the private key, in PEM",
    group: "HTTPS",
    readBy: "composition",
    serves: true,
    isPath: true,
  },
  httpsCert: {
    json: "string?",
    flag: { name: "https-cert", type: "string", value: "FILE" },
    env: "HTTPS_CERT",
    help: "the certificate with its chain, in PEM",
    group: "HTTPS",
    readBy: "composition",
    serves: true,
    isPath: true,
  },
  httpsRedirect: {
    json: "string|number?",
    flag: { name: "https-redirect", type: "string", value: "PORT" },
    env: "HTTPS_REDIRECT",
    help: "a port that redirects HTTP to HTTPS",
    group: "HTTPS",
    readBy: "composition",
    serves: true,
    fault: (value, what) =>
      Number(value) === 0
        ? `${what} is 0, but browsers must know the port. Choose one from 1 to 65535.`
        : portFault(value, what),
  },
  watch: {
    flag: { name: "watch", type: "boolean" },
    help: "replace the worker when files change",
    group: "Develop",
    readBy: "command line",
    serves: true,
  },
  hotReload: {
    flag: { name: "hot-reload", type: "boolean" },
    help: "with --watch: reload pages in the browser",
    group: "Develop",
    readBy: "command line",
    serves: true,
  },
  editor: {
    json: "boolean?",
    flag: { name: "editor", type: "boolean" },
    help: "with --watch: edit the app in a browser",
    group: "Develop",
    readBy: "command line",
    serves: true,
  },
  editorHost: {
    flag: { name: "editor-host", type: "string", value: "HOST" },
    default: { text: "127.0.0.1", value: "127.0.0.1" },
    help: "the address of the editor",
    group: "Develop",
    readBy: "command line",
    serves: true,
  },
  inspect: {
    flag: { name: "inspect", type: "optional", value: "[HOST:]PORT" },
    default: { text: "port 9229" },
    help: "open a port for a debugger",
    group: "Develop",
    readBy: "command line",
    serves: true,
    fault: (value, what) =>
      value === true || value === false || /^(?:[^:]+:|\[[\da-f:]+\]:)?\d{1,5}$/i.test(value)
        ? undefined
        : `${what} is "${value}", but must be PORT or HOST:PORT.`,
  },
  config: {
    flag: { name: "config", type: "string", value: "FILE" },
    default: { text: "./miqro.json, if it exists" },
    group: "Set up",
    readBy: "command line",
  },
  disableMiqroJSON: {
    flag: { name: "disable-miqrojson", type: "boolean" },
    help: "ignore miqro.json",
    group: "Set up",
    readBy: "command line",
  },
  envFile: {
    json: "string?",
    flag: { name: "env-file", type: "string", value: "FILE" },
    help: "read variables, unless they are set",
    group: "Set up",
    readBy: "command line",
    isPath: true,
  },
  app: {
    env: "MIQRO_APP",
    default: { text: "the name of the server" },
    help: "the prefix of keys in Redis",
    group: "Serve",
    readBy: "environment",
  },
  logLevel: {
    env: "LOG_LEVEL",
    default: { text: "info", value: "info" },
    help: "error, warn, info, debug, trace or none",
    group: "Other",
    readBy: "environment",
  },
  logFormat: {
    env: "LOG_FORMAT",
    default: { text: "text", value: "text" },
    help: "text or json",
    group: "Other",
    readBy: "environment",
  },
  nodeEnv: {
    env: "NODE_ENV",
    default: {
      text: "development with --watch",
      value: ({ watch }) => (watch === true ? "development" : undefined) as string,
    },
    help: "development: answers with status 5xx contain the error",
    group: "Other",
    readBy: "environment",
  },
  clusterCount: {
    env: "CLUSTER_COUNT",
    default: { text: "one for each CPU" },
    help: "the number of workers of miqro-cluster",
    group: "Other",
    readBy: "environment",
  },
  clusterDrainDelay: {
    env: "CLUSTER_DRAIN_DELAY",
    default: { text: "0", value: "0" },
    help: "milliseconds for which a stopping server still accepts requests",
    group: "Other",
    readBy: "environment",
  },
  clusterDisableRestart: {
    env: "CLUSTER_DISABLE_RESTART",
    help: "1: a worker that ended is not replaced",
    group: "Other",
    readBy: "environment",
  },
  noCompression: {
    json: "boolean?",
    flag: { name: "no-compression", type: "boolean" },
    help: "send answers without compression",
    group: "Serve",
    readBy: "composition",
    serves: true,
  },
  inflateDir: {
    json: "string?",
    flag: { name: "inflate-dir", type: "string", value: "DIR", of: "inflate" },
    default: { text: "inflated/", value: "inflated/" },
    help: "the folder to write to",
    group: "Static site",
    readBy: "inflate",
    isPath: true,
  },
  inflateFlat: {
    json: "boolean?",
    flag: { name: "inflate-flat", type: "boolean", of: "inflate" },
    help: "write into DIR, not DIR/SERVICE/static/",
    group: "Static site",
    readBy: "inflate",
  },
  inflateOnlyAssets: {
    json: "boolean?",
    flag: { name: "inflate-only-assets", type: "boolean", of: "inflate" },
    help: "only files and client code; run no handler",
    group: "Static site",
    readBy: "inflate",
  },
  inflateBase: {
    json: "string?",
    flag: { name: "inflate-base", type: "string", value: "URL", of: "inflate" },
    default: { text: "/" },
    help: "the URL or path of the site",
    group: "Static site",
    readBy: "inflate",
  },
  testReporter: {
    flag: { name: "test-reporter", type: "string", value: "NAME", of: "test" },
    default: { text: "spec" },
    help: "tap, dot, junit or a module",
    group: "Test",
    readBy: "command line",
  },
  testNamePattern: {
    flag: { name: "test-name-pattern", type: "string", value: "RE", of: "test" },
    help: "run tests whose names match",
    group: "Test",
    readBy: "command line",
  },
  testCoverage: {
    flag: { name: "test-coverage", type: "boolean", of: "test" },
    help: "report the lines that the tests ran",
    group: "Test",
    readBy: "command line",
  },
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
    help: "all routes, not only those of .api.ts",
    group: "Documents",
    readBy: "command line",
  },
  inflateSEA: {
    flag: { name: "inflate-sea", type: "boolean", of: "inflate" },
    help: "also write the parts of an executable",
    group: "Static site",
    readBy: "command line",
  },
  db: {
    json: "boolean?",
    env: "DB",
    help: "1 connects a database named db, without a db.ts",
    group: "Databases",
    readBy: "environment",
  },
  dbDialect: {
    json: "string?",
    env: "DB_DIALECT",
    default: { text: "node:sqlite" },
    help: "node:sqlite, sqlite3 or pg",
    group: "Databases",
    readBy: "environment",
    fault: (value, what) =>
      ["node:sqlite", "sqlite3", "pg"].includes(value)
        ? undefined
        : `${what} is "${value}", but must be node:sqlite, sqlite3 or pg.`,
  },
  dbStorage: {
    json: "string?",
    env: "DB_STORAGE",
    default: { text: "./db.sqlite3" },
    help: "the file of the database",
    group: "Databases",
    readBy: "environment",
    isPath: true,
  },
  dbConnection: {
    json: "string?",
    env: "DB_CONNECTION",
    help: "postgres://..., the database server",
    group: "Databases",
    readBy: "environment",
    mask: (value) => value.replace(/:\/\/[^@/]*@/, "://***@"),
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
    help: "the node that becomes the executable",
    group: "Executable",
    readBy: "command line",
  },
};

function portFault(port: string | number, what: string): string | undefined {
  if (port === "" || (/^\d{1,5}$/.test(String(port)) && Number(port) <= 65_535)) return undefined;
  return `${what} is "${port}", but must be a number from 0 to 65535.`;
}
