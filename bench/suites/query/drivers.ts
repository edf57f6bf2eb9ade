import { register } from "node:module";

/** The package.json beside which the drivers are installed that only tests need. */
export const parts = new URL("../../../test/parts/package.json", import.meta.url);

/** Lets @miqro/query find them there, as it would find them beside itself in a project. */
register(
  `data:text/javascript,${encodeURIComponent(
    `export function resolve(name, context, next) {
      return next(name, ["pg", "sqlite3"].includes(name) ? { ...context, parentURL: ${JSON.stringify(parts.href)} } : context);
    }`,
  )}`,
);
