import { DatabaseConnectionError } from "../errors.js";

/** Imports the package of a driver. Only users of its dialect have to install it. */
export async function loadDriver<Module>(name: string, load: () => Promise<unknown>): Promise<Module> {
  try {
    const module = (await load()) as { readonly default?: Module };
    return module.default ?? (module as Module);
  } catch (error) {
    const { code, message } = error as { readonly code?: string; readonly message: string };
    // The error may also concern a missing dependency of the driver.
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
