// An import of a built-in module reads each of its exports, and with them what Node.js loads only when it is asked for:
// of node:http all of undici, which takes nearly as long as starting a process does, of node:crypto all of web
// cryptography. (decisions/033-loaded-on-use.md)
export const crypto: typeof import("node:crypto") = process.getBuiltinModule("node:crypto");
export const http: typeof import("node:http") = process.getBuiltinModule("node:http");
export const net: typeof import("node:net") = process.getBuiltinModule("node:net");
export const util: typeof import("node:util") = process.getBuiltinModule("node:util");
