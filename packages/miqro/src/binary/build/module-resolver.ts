import { createRequire, isBuiltin, registerHooks } from "node:module";
import { fileURLToPath, pathToFileURL } from "node:url";

const scheme = "miqro-resolve:";

/** Resolves specifiers as Node.js does for the modules that contain them. */
export interface ServerResolver {
  /** The file that an `import` leads to; undefined if there is no such file, or for a built-in module. */
  import(specifier: string, importer: string): string | undefined;
  /** The same for `require`. */
  require(specifier: string, importer: string): string | undefined;
  close(): void;
}

/** Makes a resolver. Until the resolver is closed, its hook stays among the module hooks of the process. */
export function createServerResolver(): ServerResolver {
  // `import.meta.resolve` can only resolve for its own module, but a hook can resolve for any importer.
  const hooks = registerHooks({
    resolve(specifier, context, next) {
      if (!specifier.startsWith(scheme)) return next(specifier, context);
      const [asked, importer] = JSON.parse(decodeURIComponent(specifier.slice(scheme.length))) as [
        string,
        string,
      ];
      const { url } = next(asked, { ...context, parentURL: pathToFileURL(importer).href });
      return { url, shortCircuit: true };
    },
  });
  return {
    import(specifier, importer) {
      if (isBuiltin(specifier)) return undefined;
      try {
        const asked = encodeURIComponent(JSON.stringify([specifier, importer]));
        const url = import.meta.resolve(scheme + asked);
        return url.startsWith("file:") ? fileURLToPath(url) : undefined;
      } catch {
        return undefined;
      }
    },
    require(specifier, importer) {
      if (isBuiltin(specifier)) return undefined;
      try {
        return createRequire(importer).resolve(specifier);
      } catch {
        return undefined;
      }
    },
    close: () => hooks.deregister(),
  };
}
