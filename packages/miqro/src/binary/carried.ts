import type { OutputFinder } from "../build/output-finder.js";
import type { ClientCode } from "../composition/client-code.js";
import type { CarriedFiles } from "./pack-index.js";

/** The key of `globalThis` under which the main script of an executable leaves its pack. */
const carriedKey: symbol = Symbol.for("miqro.carried");

/** The pack that this process carries. Only modules of an executable may call this function. */
export function carriedFiles(): CarriedFiles {
  return (globalThis as { readonly [key: symbol]: unknown })[carriedKey] as CarriedFiles;
}

/** The path of a file in the pack; undefined for a file outside of the pack. */
function toCarriedPath(file: string): string | undefined {
  const { root } = carriedFiles();
  return file.startsWith(root) ? file.slice(root.length).replaceAll("\\", "/") : undefined;
}

/** Finds compiled files among the carried files. No `tsconfig.json` is there to read. */
export function createCarriedOutputs(): OutputFinder {
  const { index, root } = carriedFiles();
  return {
    find(source) {
      const output = index.outputs[toCarriedPath(source) ?? ""];
      return { source, file: output === undefined ? source : root + output };
    },
    isOrphan: () => false,
    sourceFolderOf: () => undefined,
  };
}

/** The client modules, as they were when the executable was compiled. */
export function createCarriedClientCode(): ClientCode {
  const { index, read } = carriedFiles();
  const { entries = {}, modules = {} } = index.client ?? {};
  const entryOf = (url: string) => (Object.hasOwn(entries, url) ? entries[url] : undefined);
  return {
    stub: (url) => entryOf(url)?.stub,
    preloads: (url) => entryOf(url)?.preloads,
    serveModule(req, res) {
      const headers = Object.hasOwn(modules, req.path) ? modules[req.path] : undefined;
      const body = read(req.path.slice(1));
      if (headers === undefined || body === undefined) return;
      res.asyncEnd({ headers, body });
    },
    moduleURLs: () => Object.keys(modules),
    all: () => ({
      entries: new Map(Object.entries(entries)),
      modules: new Map(
        Object.entries(modules).map(([url, headers]) => {
          return [url, { headers, body: read(url.slice(1)) ?? Buffer.alloc(0) }];
        }),
      ),
    }),
  };
}
