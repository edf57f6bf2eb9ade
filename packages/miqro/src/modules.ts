import { createRequire } from "node:module";

// Modules that most compositions never use, for calls that cannot wait for an import.
const require = createRequire(import.meta.url);

/** Loaded with the first thing that is checked, or the first validator that a service makes. */
export function loadParser(): typeof import("@miqro/parser") {
  return require("@miqro/parser");
}

/** Loaded with the first options that a constructor refuses. */
export function loadFaults(): typeof import("./options/list-faults.js") {
  return require("./options/list-faults.js");
}

/** Loaded with the first unknown word. */
export function loadClosestName(): typeof import("@miqro/parser/closest-name") {
  return require("@miqro/parser/closest-name");
}

/** Loaded with the first token that a service decodes. */
export function loadJWT(): typeof import("@miqro/core/jwt") {
  return require("@miqro/core/jwt");
}

/** Loaded where something may be wrong with the options of a `Miqro`. */
export function loadOptionsCheck(): typeof import("./options/check-miqro-options.js") {
  return require("./options/check-miqro-options.js");
}

/** Loaded with the first module that cannot be loaded. */
export function loadImportErrors(): typeof import("./service/describe-import-error.js") {
  return require("./service/describe-import-error.js");
}

/** Loaded with the first service that is no folder. */
export function loadLocateService(): typeof import("./service/locate-service.js") {
  return require("./service/locate-service.js");
}

/** Loaded where a program reads a `miqro.json`. */
export function loadConfigReader(): typeof import("./lifecycle/read-options.js") {
  return require("./lifecycle/read-options.js");
}

/** Loaded where there is a `miqro.json`. */
export function loadMiqroJson(): typeof import("./settings/miqro-json.js") {
  return require("./settings/miqro-json.js");
}

/** Loaded if there is a file with variables. */
export function loadEnvFile(): typeof import("./settings/env-file.js") {
  return require("./settings/env-file.js");
}

/** Loaded in development. */
export function loadCodeFrame(): typeof import("./lifecycle/code-frame.js") {
  return require("./lifecycle/code-frame.js");
}

/** Loaded where a service has a module, the scope of a folder. */
export function loadFolderScopes(): typeof import("./composition/folder-scopes.js") {
  return require("./composition/folder-scopes.js");
}

/** Loaded where a service has a page for what nothing answered. */
export function loadNotFoundPages(): typeof import("./composition/not-found-pages.js") {
  return require("./composition/not-found-pages.js");
}

/** Loaded where not every `Host` is answered. */
export function loadAllowedHosts(): typeof import("./composition/allowed-hosts.js") {
  return require("./composition/allowed-hosts.js");
}

/** Loaded with the first cache. */
export function loadCaches(): typeof import("./req-server/caches.js") {
  return require("./req-server/caches.js");
}

/** Loaded with the first text that a service escapes itself. */
export function loadJSXNode(): typeof import("@miqro/jsx-node") {
  return require("@miqro/jsx-node");
}

/** Loaded with the first text that a service renders itself. */
export function loadMarkdown(): typeof import("./markdown/render-markdown.js") {
  return require("./markdown/render-markdown.js");
}

/** Loaded with the first setting that is wrong. */
export function loadSettingFaults(): typeof import("./settings/setting-faults.js") {
  return require("./settings/setting-faults.js");
}

/** Loaded where HTTPS is served. */
export function loadCertificate(): typeof import("./lifecycle/certificate.js") {
  return require("./lifecycle/certificate.js");
}

/** Loads the module that reads the pack of an executable; undefined in any other process. */
export function loadCarried(): typeof import("./binary/carried.js") | undefined {
  return Symbol.for("miqro.carried") in globalThis ? require("./binary/carried.js") : undefined;
}
