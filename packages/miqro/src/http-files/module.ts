import { ArgumentError, createModule } from "@miqro/core";
import type { ModuleExports } from "../service/load-module.js";
import type { Claim, HttpFileKind } from "./http-file-kind.js";

/** The part of a module that is kept: its exports, from which each composition makes a router, and its routes. */
interface ModuleFile {
  readonly exports: ModuleExports;
  readonly routes: readonly Claim[];
}

/** `module.ts`: the scope of its folder, with hooks for the files in it, and routes of its own. */
export const module: HttpFileKind<ModuleFile> = {
  template: {
    name: "http/area/module.ts",
    about: "the scope of its folder",
    text: `// Hooks for all files in this folder go into "plugins": hook("request", ...) of @miqro/core.
export const meta = { plugins: [] };

// GET status, below the path of this folder
export const routes = { "GET /status": () => ({ ok: true }) };
`,
  },

  async read({ source, folder }, { load, problems }) {
    const exports = await load();
    if (exports === undefined) return undefined;
    // Routes with schemas wait for the parser, unless the parser is already loaded.
    await import("@miqro/parser");
    try {
      const { router, prefix } = createModule(exports, source);
      if (prefix !== undefined) {
        problems.add("`meta` has a prefix, but the folder gives the path. Remove it, or rename the folder.");
        return undefined;
      }
      const routes = router.routes().map(({ method, path }) => ({ method, path: folder + path.slice(1) }));
      router.clear();
      return { exports, routes };
    } catch (error) {
      if (!(error instanceof ArgumentError)) throw error;
      for (const { message } of error.issues) problems.add(message);
      return undefined;
    }
  },

  claims: (_file, { routes }) => routes,

  openScope: ({ source }, { exports }) => createModule(exports, source).router,

  // The scope has already added its routes.
  mount() {},
};
