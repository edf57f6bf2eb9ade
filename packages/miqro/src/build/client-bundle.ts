import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rename, unlink, writeFile } from "node:fs/promises";
import { basename, dirname, join, posix } from "node:path";
import { pathToFileURL } from "node:url";
import type { Plugin } from "esbuild";
import type { ClientEntry, ClientGraph, ClientModule } from "../client-graph/client-graph.js";
import { openCacheFolder } from "./cache-folder.js";

/** All modules of a client entry in one module. */
export interface ClientBundle {
  /** A path such as `/_miqro/HASH/app.js`, which changes with the content. */
  readonly url: string;
  /** The served files, by path: the bundle and, in development, its source map. */
  readonly files: ReadonlyMap<string, ClientModule>;
}

/** How to bundle. */
export interface ClientBundleOptions {
  /** The main file of the installed esbuild. */
  readonly esbuild: string;
  /** The folder of the project's package.json. */
  readonly project: string;
  /** The source of the entry. */
  readonly source: string;
  readonly minify: boolean;
  readonly withMap: boolean;
}

interface Text {
  readonly code: string;
  readonly map?: string;
}

/**
 * Bundles the modules of a graph that an entry reaches. They are the same modules that a browser would load one by one,
 * with resolved packages and replacements, so that the page stays the same.
 */
export async function bundleClient(
  entry: ClientEntry,
  graph: ClientGraph,
  options: ClientBundleOptions,
): Promise<ClientBundle> {
  const { code, map } = await cached(entry, options, () => bundle(entry, graph, options));
  const hash = createHash("sha256")
    .update(code)
    .update(map ?? "")
    .digest("base64url")
    .slice(0, 12);
  const name = basename(entry.moduleURL);
  const url = `/_miqro/${hash}/${name}`;
  const { headers = {} } = graph.get(entry.moduleURL) ?? {};
  const text = map === undefined ? code : `${code}//# sourceMappingURL=${name}.map\n`;
  const files = new Map([[url, { body: Buffer.from(text), headers }]]);
  if (map !== undefined) {
    const mapHeaders = { ...headers, "content-type": "application/json; charset=utf-8" };
    files.set(`${url}.map`, { body: Buffer.from(map), headers: mapHeaders });
  }
  return { url, files };
}

async function bundle(
  { moduleURL }: ClientEntry,
  graph: ClientGraph,
  { esbuild: path, minify, withMap }: ClientBundleOptions,
): Promise<Text> {
  const esbuild = (await import(pathToFileURL(path).href)) as typeof import("esbuild");
  const { outputFiles } = await esbuild.build({
    entryPoints: [moduleURL],
    outfile: "/bundle.js",
    bundle: true,
    write: false,
    format: "esm",
    platform: "browser",
    target: "es2022",
    charset: "utf8",
    minify,
    sourcemap: withMap ? "external" : false,
    logLevel: "silent",
    plugins: [servedModules(graph)],
  });
  const textOf = (ending: string) => outputFiles.find((file) => file.path.endsWith(ending))?.text;
  const map = textOf(".map");
  return { code: textOf(".js") ?? "", ...(map === undefined ? {} : { map }) };
}

/** Reads modules from a graph, by the paths at which the graph serves them. */
function servedModules(graph: ClientGraph): Plugin {
  return {
    name: "served-modules",
    setup(build) {
      build.onResolve({ filter: /.*/ }, ({ path, importer }) => {
        const served = posix.resolve(dirname(importer), path);
        const isServed = !/^\w+:/.test(path) && graph.get(served) !== undefined;
        return isServed ? { path: served, namespace: "served" } : { path, external: true };
      });
      build.onLoad({ filter: /.*/, namespace: "served" }, ({ path }) => ({
        contents: withInlineMap(graph, path),
        loader: "js",
      }));
    },
  };
}

/** esbuild follows a source map only if it is in the text. */
function withInlineMap(graph: ClientGraph, path: string): string {
  const text = graph.get(path)?.body.toString() ?? "";
  const map = graph.get(`${path}.map`)?.body;
  if (map === undefined) return text;
  const comment = /\n\/\/# sourceMappingURL=[^\n]+\n$/;
  const inline = `\n//# sourceMappingURL=data:application/json;base64,${map.toString("base64")}\n`;
  return text.replace(comment, () => inline);
}

/** The path of an entry contains a hash of everything that it imports, so one bundle for each path is enough. */
async function cached(
  { moduleURL }: ClientEntry,
  { esbuild, project, source, minify, withMap }: ClientBundleOptions,
  make: () => Promise<Text>,
): Promise<Text> {
  // If the disk cannot be written, the next start is slower. Nothing else changes.
  const root = await openCacheFolder(project, process.env.JSX_TMP).catch(() => undefined);
  if (root === undefined) return make();
  const folder = join(root, "client");
  const digest = (value: unknown) =>
    createHash("sha256").update(JSON.stringify(value)).digest("hex").slice(0, 16);
  // Bundles of this source that are old are removed. Entries of other folders and services have the same name.
  const entry = `${digest([source, minify, withMap])}-`;
  const file = join(folder, `${entry}${digest([moduleURL, esbuild])}.json`);
  try {
    return JSON.parse(await readFile(file, "utf8")) as Text;
  } catch {
    // The file is missing or incomplete.
  }
  const made = await make();
  try {
    await mkdir(folder, { recursive: true });
    if (process.env.CLEAR_JSX_CACHE !== "0") {
      const old = (await readdir(folder)).filter((name) => name.startsWith(entry));
      await Promise.all(old.map((name) => unlink(join(folder, name)).catch(() => undefined)));
    }
    await writeFile(`${file}.${process.pid}`, JSON.stringify(made));
    await rename(`${file}.${process.pid}`, file);
  } catch {
    // The next start writes it again.
  }
  return made;
}
