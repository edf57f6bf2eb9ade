// An import of a built-in module reads each of its exports. This also loads modules that Node.js normally loads only on
// demand. For node:http this is all of undici, which takes nearly as long as starting a process. For node:fs it is
// promises and readline. So the modules that a minimal app needs are loaded without an import.
// (decisions/033-loaded-on-use.md)
export const asyncHooks: typeof import("node:async_hooks") = process.getBuiltinModule("node:async_hooks");
export const buffer: typeof import("node:buffer") = process.getBuiltinModule("node:buffer");
export const fs: typeof import("node:fs") = process.getBuiltinModule("node:fs");
export const http: typeof import("node:http") = process.getBuiltinModule("node:http");
export const net: typeof import("node:net") = process.getBuiltinModule("node:net");
export const util: typeof import("node:util") = process.getBuiltinModule("node:util");

/** Loaded when something is hashed, or when an id is made. */
export function loadCrypto(): typeof import("node:crypto") {
  return process.getBuiltinModule("node:crypto");
}

/**
 * Returns a function that loads a module at its first call. It is for modules that are rarely used. If a module cannot
 * be read, for example because too many files are open, the next call tries again. Node.js 20 would remember the
 * failure of an `import()` for ever.
 *
 * @param url `import.meta.url` of the calling module.
 */
export function loadOnUse<Module>(url: string, name: string): () => Module {
  let module: Module | undefined;
  return () => {
    module ??= process.getBuiltinModule("node:module").createRequire(url)(name) as Module;
    return module;
  };
}
