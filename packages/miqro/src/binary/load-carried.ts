import { loadOnUse } from "../load-on-use.js";

const loadModule = loadOnUse<typeof import("./carried.js")>(import.meta.url, "./carried.js");

/** Loads the module that reads the pack of an executable; undefined in any other process. */
export function loadCarried(): typeof import("./carried.js") | undefined {
  return Symbol.for("miqro.carried") in globalThis ? loadModule() : undefined;
}
