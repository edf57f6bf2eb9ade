// Has the package redis be found among the parts that only tests need. Imported first by the tests, and with --import by
// the processes that they start.
import { register } from "node:module";

const parts = new URL("../../../../test/parts/package.json", import.meta.url);
const hook = `
export function resolve(specifier, context, next) {
  return next(specifier, specifier === "redis" ? { ...context, parentURL: ${JSON.stringify(parts.href)} } : context);
}`;
register(`data:text/javascript,${encodeURIComponent(hook)}`);

/** The arguments with which another process finds the package. */
export const findRedis: readonly string[] = ["--import", import.meta.url];
