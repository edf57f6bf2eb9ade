type Jose = typeof import("jose");

const require = process.getBuiltinModule("node:module").createRequire(import.meta.url);
let loaded: Jose | undefined;

// Node.js 20 reads the description of a package once, and would remember that it could not be read.
try {
  require.resolve("jose");
} catch {
  // In an executable, only `require` finds the library.
}

/**
 * Returns the library that signs and encrypts. It is loaded once, with the first token, because most programs never use
 * a token. `require` cannot wait if other code is importing the library at this moment.
 */
export function loadJose(): Jose | Promise<Jose> {
  if (loaded !== undefined) return loaded;
  try {
    loaded = require("jose") as Jose;
    return loaded;
  } catch (error) {
    if (error instanceof Error && /not yet fully loaded/.test(error.message)) return import("jose");
    throw error;
  }
}
