import { createRequire } from "node:module";

// Modules that most compositions never use. Callers that cannot wait for an import load them here.
const require = createRequire(import.meta.url);

/** Loaded when something is checked first, or when a service makes its first validator. */
export function loadParser(): typeof import("@miqro/parser") {
  return require("@miqro/parser");
}

/** Loaded when a constructor first refuses its options. */
export function loadFaults(): typeof import("./options/list-faults.js") {
  return require("./options/list-faults.js");
}

/** Loaded when a word is unknown. */
export function loadSuggest(): typeof import("./options/suggest.js") {
  return require("./options/suggest.js");
}

/** Loaded when a service first decodes a token. */
export function loadJWT(): typeof import("@miqro/core/jwt") {
  return require("@miqro/core/jwt");
}

/** Loaded if the options of a `Miqro` may be wrong. */
export function loadOptionsCheck(): typeof import("./options/check-miqro-options.js") {
  return require("./options/check-miqro-options.js");
}

/** Loaded when a module cannot be loaded. */
export function loadImportErrors(): typeof import("./service/describe-import-error.js") {
  return require("./service/describe-import-error.js");
}

/** Loaded when a service is not a folder. */
export function loadLocateService(): typeof import("./service/locate-service.js") {
  return require("./service/locate-service.js");
}

/** Loaded when a program reads a `miqro.json`. */
export function loadConfigReader(): typeof import("./lifecycle/read-options.js") {
  return require("./lifecycle/read-options.js");
}

/** Loaded if there is a `miqro.json`. */
export function loadMiqroJson(): typeof import("./settings/miqro-json.js") {
  return require("./settings/miqro-json.js");
}

/** Loaded if there is a file with variables. */
export function loadEnvFile(): typeof import("./settings/env-file.js") {
  return require("./settings/env-file.js");
}

/** Loaded under `NODE_ENV=development`. */
export function loadCodeFrame(): typeof import("./lifecycle/code-frame.js") {
  return require("./lifecycle/code-frame.js");
}

/** Loaded if a service has a `module.ts`, which is the scope of a folder. */
export function loadFolderScopes(): typeof import("./composition/folder-scopes.js") {
  return require("./composition/folder-scopes.js");
}

/** Loaded if a service has a 404 page. */
export function loadNotFoundPages(): typeof import("./composition/not-found-pages.js") {
  return require("./composition/not-found-pages.js");
}

/** Loaded if the server does not answer every `Host`. */
export function loadAllowedHosts(): typeof import("./composition/allowed-hosts.js") {
  return require("./composition/allowed-hosts.js");
}

/** Loaded when the first cache is made. */
export function loadCaches(): typeof import("./req-server/caches.js") {
  return require("./req-server/caches.js");
}

/** Loaded when a service first escapes a string. */
export function loadJSXNode(): typeof import("@miqro/jsx-node") {
  return require("@miqro/jsx-node");
}

/** Loaded when a service first renders Markdown. */
export function loadMarkdown(): typeof import("./markdown/render-markdown.js") {
  return require("./markdown/render-markdown.js");
}

/** Loaded when a setting is wrong. */
export function loadSettingFaults(): typeof import("./settings/setting-faults.js") {
  return require("./settings/setting-faults.js");
}

/** Loaded if the server serves HTTPS. */
export function loadCertificate(): typeof import("./lifecycle/certificate.js") {
  return require("./lifecycle/certificate.js");
}

/** Loads the module that reads the pack of an executable; undefined in any other process. */
export function loadCarried(): typeof import("./binary/carried.js") | undefined {
  return Symbol.for("miqro.carried") in globalThis ? require("./binary/carried.js") : undefined;
}
