const require = process.getBuiltinModule("node:module").createRequire(import.meta.url);

/** The library of sockets. */
export const ws: typeof import("ws") = require("ws");
