type Jose = typeof import("jose");

let loaded: Jose | undefined;

/**
 * Gives the library that signs and encrypts. It is loaded with the first token, since most programs never see one, and
 * once: an `import()` costs more than a look into a variable even when the module is there.
 */
export function loadJose(): Jose | Promise<Jose> {
  return loaded ?? importJose();
}

async function importJose(): Promise<Jose> {
  loaded = await import("jose");
  return loaded;
}
