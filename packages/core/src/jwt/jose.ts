type Jose = typeof import("jose");

let loaded: Jose | undefined;

/**
 * Returns the library that signs and encrypts. It is loaded once, with the first token, because most programs never use
 * a token. The result is kept, because an `import()` of a loaded module costs more than reading a variable.
 */
export function loadJose(): Jose | Promise<Jose> {
  return loaded ?? importJose();
}

async function importJose(): Promise<Jose> {
  loaded = await import("jose");
  return loaded;
}
