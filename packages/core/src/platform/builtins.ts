// An import of a built-in module reads each of its exports, and with them what Node.js loads only when it is asked for:
// of node:http all of undici, which takes nearly as long as starting a process does, of node:fs its promises and
// readline. So what a hello world needs is taken without an import. (decisions/033-loaded-on-use.md)
export const buffer: typeof import("node:buffer") = process.getBuiltinModule("node:buffer");
export const fs: typeof import("node:fs") = process.getBuiltinModule("node:fs");
export const http: typeof import("node:http") = process.getBuiltinModule("node:http");
export const net: typeof import("node:net") = process.getBuiltinModule("node:net");
export const util: typeof import("node:util") = process.getBuiltinModule("node:util");

/** Loaded when something is to be hashed, or to get an id. */
export function loadCrypto(): typeof import("node:crypto") {
  return process.getBuiltinModule("node:crypto");
}

/** Loaded with the first cookie that is read or set. */
export function loadCookie(): typeof import("cookie") {
  return require("cookie");
}

/** Loaded with the first stream of events, which begins at once and so cannot wait for an import. */
export function loadEventStream(): typeof import("../reply/event-stream.js") {
  return require("../reply/event-stream.js");
}

/** A module that is loaded on first use. */
export interface LoadedOnUse<Module> {
  /** Throws when others are importing the module, or what it imports, at the same time: see `later` then. */
  now(): Module;
  later(): Promise<Module>;
}

/** Loaded with the first route that declares what it accepts; brings the parser. */
export const requestValidator: LoadedOnUse<typeof import("../validation/request-validator.js")> = {
  now: () => require("../validation/request-validator.js"),
  later: () => import("../validation/request-validator.js"),
};

/** Loaded with the first route that declares what it answers; brings the parser. */
export const responseContract: LoadedOnUse<typeof import("../validation/response-contract.js")> = {
  now: () => require("../validation/response-contract.js"),
  later: () => import("../validation/response-contract.js"),
};

let requireModule: NodeJS.Require | undefined;

function require<Module>(name: string): Module {
  requireModule ??= process.getBuiltinModule("node:module").createRequire(import.meta.url);
  return requireModule(name) as Module;
}
