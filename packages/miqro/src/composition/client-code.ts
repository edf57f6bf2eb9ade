import { dirname, posix } from "node:path";
import type { Handler } from "@miqro/core";
import type { ClientBundle } from "../build/client-bundle.js";
import { findUpwards } from "../build/find-upwards.js";
import type { ClientEntry, ClientGraph, ClientModule } from "../client-graph/client-graph.js";
import { messageOf } from "../errors.js";
import type { LoadedService } from "../service/load-service.js";
import type { HttpFile } from "../service/scan-service.js";
import type { CompositionParts } from "./parts.js";
import type { createPrivateCheck } from "./private-files.js";

/** The client modules of a composition. */
export interface ClientCode {
  /** The URLs to preload for a script of a page; undefined if the script is not an entry. */
  preloads(url: string): readonly string[] | undefined;
  /** Serves hashed modules of any service. Any other request goes on. */
  readonly serveModule: Handler;
  /** The URLs of the hashed modules that the files of a service import. */
  moduleURLs(service: LoadedService): readonly string[];
  /** The text of the stub at an entry's URL. */
  stub(url: string): string | undefined;
  /** Everything that is served, for callers that write it to another place. */
  all(): ServedClientCode;
}

/** The entries and the modules of client code by their URLs. */
export interface ServedClientCode {
  readonly entries: ReadonlyMap<string, { readonly stub: string; readonly preloads: readonly string[] }>;
  readonly modules: ReadonlyMap<string, ClientModule>;
}

/** Builds the module graphs of all client entries: one graph for each project with services. */
export async function loadClientCode(
  files: readonly HttpFile[],
  { composition, getLogger, problemsOf }: Pick<CompositionParts, "composition" | "getLogger" | "problemsOf">,
): Promise<ClientCode> {
  const logger = getLogger("CLIENT");
  const environment = process.env.NODE_ENV === "development" ? "development" : "production";
  let isPrivate: ReturnType<typeof createPrivateCheck> | undefined;
  const graphs = new Map<string, ClientGraph>();
  const stubs = new Map<string, string>();
  const bundles = new Map<string, ClientBundle>();
  const bundled = new Map<string, ClientModule>();
  const sent = new Map<LoadedService | undefined, SentCode[]>();
  // Entries share modules, and each has several URLs.
  const told = new Set<string>();
  const bundleOf = async (
    file: HttpFile,
    entry: ClientEntry,
    graph: ClientGraph,
    project: string,
  ): Promise<ClientBundle | undefined> => {
    const { clientBundle = file.buildFolder !== undefined, noMinify } = composition.client;
    if (!clientBundle) return undefined;
    const esbuild = (await import("../build/compiler.js")).findEsbuild(project);
    if (esbuild === undefined) {
      if (composition.client.clientBundle === undefined) return undefined;
      throw new Error(
        `a bundle of it needs esbuild, which ${project} lacks. Run "npm install --save-dev esbuild", or leave --client-bundle out.`,
      );
    }
    const { bundleClient } = await import("../build/client-bundle.js");
    return bundleClient(entry, graph, {
      esbuild,
      project,
      source: file.source,
      minify: noMinify !== true,
      withMap: environment === "development",
    });
  };
  for (const file of files) {
    const service = composition.services.find(({ http }) => http.some((loaded) => loaded.file === file));
    // The output of miqro's compiler is in a separate folder, but it belongs to the project of its source.
    const packageJSON = findUpwards(dirname(file.source), "package.json");
    const projectRoot = packageJSON === undefined ? (service?.scanned.folder ?? "") : dirname(packageJSON);
    let graph = graphs.get(projectRoot);
    if (graph === undefined) {
      const { createClientGraph } = await import("../client-graph/client-graph.js");
      isPrivate ??= (await import("./private-files.js")).createPrivateCheck(
        composition.services.map((one) => one.scanned),
      );
      const { buildFolder } = file;
      graph = createClientGraph({
        projectRoot,
        isPrivate,
        environment,
        ...(buildFolder === undefined ? {} : { buildFolder }),
      });
      graphs.set(projectRoot, graph);
    }
    let bundle: ClientBundle | undefined;
    for (const url of file.paths) {
      // An earlier service answers the same URL.
      if (stubs.has(url)) continue;
      try {
        const entry = await graph.addEntry({ url, file: file.file, source: file.source });
        if (bundle === undefined) {
          bundle = await bundleOf(file, entry, graph, projectRoot);
          sent.set(service, [...(sent.get(service) ?? []), { graph, bundle }]);
        }
        if (bundle === undefined) stubs.set(url, entry.stub);
        else {
          const { toStub } = await import("../client-graph/stub.js");
          stubs.set(url, toStub(relativeURL(url, bundle.url)));
          bundles.set(url, bundle);
          for (const [path, module] of bundle.files) bundled.set(path, module);
        }
        for (const warning of entry.warnings) {
          if (!told.has(warning)) logger.warn(`${file.source}: ${warning}`);
          told.add(warning);
        }
      } catch (error) {
        problemsOf(file.source).add(messageOf(error), error);
        break;
      }
    }
  }
  const all = [...graphs.values()];
  const preloads = (url: string): readonly string[] | undefined => {
    const bundle = bundles.get(url);
    return bundle === undefined ? firstOf(all, (graph) => graph.preloads(url)) : [bundle.url];
  };
  return {
    stub: (url) => stubs.get(url),
    moduleURLs: (service) => [...modulesOf(sent.get(service) ?? []).keys()],
    preloads,
    serveModule(req, res) {
      const module = bundled.get(req.path) ?? firstOf(all, (graph) => graph.get(req.path));
      if (module === undefined) return;
      res.asyncEnd(module);
    },
    all: () => ({
      entries: new Map(
        [...stubs].map(([url, stub]) => {
          return [url, { stub, preloads: preloads(url) ?? [] }];
        }),
      ),
      modules: modulesOf([...sent.values()].flat()),
    }),
  };
}

function relativeURL(from: string, to: string): string {
  const path = posix.relative(posix.dirname(from), to);
  return path.startsWith(".") ? path : `./${path}`;
}

/** The code of an entry: the modules of its graph, or a bundle of them. */
interface SentCode {
  readonly graph: ClientGraph;
  readonly bundle: ClientBundle | undefined;
}

/** The served modules of entries by their URLs. */
function modulesOf(sent: readonly SentCode[]): Map<string, ClientModule> {
  const found = new Map<string, ClientModule>();
  for (const { graph, bundle } of sent) {
    const urls = graph.moduleURLs();
    const add = (url: string, module: ClientModule | undefined) => {
      if (module === undefined || found.has(url)) return;
      found.set(url, module);
      if (bundle === undefined) return;
      // Beside a bundle, browsers ask for the workers and files that its text names, and for what these name.
      const text = module.body.toString("latin1");
      for (const one of urls) if (text.includes(`../${one.split("/")[2]}/`)) add(one, graph.get(one));
    };
    if (bundle === undefined) for (const url of urls) add(url, graph.get(url));
    else for (const [url, module] of bundle.files) add(url, module);
  }
  return found;
}

function firstOf<T>(
  graphs: readonly ClientGraph[],
  find: (graph: ClientGraph) => T | undefined,
): T | undefined {
  for (const graph of graphs) {
    const found = find(graph);
    if (found !== undefined) return found;
  }
  return undefined;
}
