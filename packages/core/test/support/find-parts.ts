// Has the SDK of OpenTelemetry be found among the parts that only tests need.
import { register } from "node:module";

const parts = new URL("../../../../test/parts/package.json", import.meta.url);
register(
  `data:text/javascript,${encodeURIComponent(`
    export function resolve(specifier, context, next) {
      const isPart = specifier.startsWith("@opentelemetry/sdk");
      return next(specifier, isPart ? { ...context, parentURL: ${JSON.stringify(parts.href)} } : context);
    }`)}`,
);
