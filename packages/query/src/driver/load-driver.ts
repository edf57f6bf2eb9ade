import { DatabaseConnectionError } from "../errors.js";

/** Imports the driver of a dialect. Only users of the dialect have to install its driver. */
export async function loadDriver<Module>(name: string, load: () => Promise<unknown>): Promise<Module> {
  try {
    const module = (await load()) as { readonly default?: Module };
    return module.default ?? (module as Module);
  } catch (error) {
    const { code, message } = error as { readonly code?: string; readonly message: string };
    // The missing package may also be a dependency of the driver.
    const missing = code === "ERR_MODULE_NOT_FOUND" && message.includes(`'${name}'`);
    throw new DatabaseConnectionError(
      "QUERY_NOT_AVAILABLE",
      missing
        ? `The dialect "${name}" needs the package ${name}; run: npm install ${name}`
        : `The package ${name} did not load: ${message}`,
      error,
    );
  }
}
