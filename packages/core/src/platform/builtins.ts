// An import of a built-in module reads each of its exports, and with them what Node.js loads only when it is asked for:
// of node:http all of undici, which takes nearly as long as starting a process does, of node:fs its promises and
// readline. So what a hello world needs is taken without an import. (decisions/033-loaded-on-use.md)
export const asyncHooks: typeof import("node:async_hooks") = process.getBuiltinModule("node:async_hooks");
export const buffer: typeof import("node:buffer") = process.getBuiltinModule("node:buffer");
export const fs: typeof import("node:fs") = process.getBuiltinModule("node:fs");
export const http: typeof import("node:http") = process.getBuiltinModule("node:http");
export const net: typeof import("node:net") = process.getBuiltinModule("node:net");
export const util: typeof import("node:util") = process.getBuiltinModule("node:util");

/** Loaded when something is to be hashed, or to get an id. */
export function loadCrypto(): typeof import("node:crypto") {
  return process.getBuiltinModule("node:crypto");
}

/**
 * Gives a function that loads a module when it is first called, for what is rarely used and cannot wait
 * for an import.
 *
 * @param url `import.meta.url` of who loads it.
 */
export function loadOnUse<Module>(url: string, name: string): () => Module {
  let module: Module | undefined;
  return () => {
    module ??= process.getBuiltinModule("node:module").createRequire(url)(name) as Module;
    return module;
  };
}
