import { createRequire } from "node:module";

// Modules that most compositions never use, for calls that cannot wait for an import.
const require = createRequire(import.meta.url);

/**
 * Returns a function that loads a module of this package at its first call.
 * @param url - `import.meta.url` of the calling module; a compiler of executables finds the path beside it
 */
export function loadOnUse<Module>(url: string, path: string): () => Module {
  let module: Module | undefined;
  return () => {
    module ??= createRequire(url)(path) as Module;
    return module;
  };
}

/** Loaded when something is checked first, or when a service makes its first validator. */
export function loadParser(): typeof import("@miqro/parser") {
  return require("@miqro/parser");
}

/** Loaded when a word is unknown. */
export function loadClosestName(): typeof import("@miqro/parser/closest-name") {
  return require("@miqro/parser/closest-name");
}

/** Loaded when a service first decodes a token. */
export function loadJWT(): typeof import("@miqro/core/jwt") {
  return require("@miqro/core/jwt");
}

/** Loaded when a service first escapes a string. */
export function loadJSXNode(): typeof import("@miqro/jsx-node") {
  return require("@miqro/jsx-node");
}

const loadCarriedModule = loadOnUse<typeof import("./binary/carried.js")>(
  import.meta.url,
  "./binary/carried.js",
);

/** Loads the module that reads the pack of an executable; undefined in any other process. */
export function loadCarried(): typeof import("./binary/carried.js") | undefined {
  return Symbol.for("miqro.carried") in globalThis ? loadCarriedModule() : undefined;
}
