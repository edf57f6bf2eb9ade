import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { extname } from "node:path";
import type { TestContext } from "node:test";
import type { Page } from "playwright-core";
import { type ClientGraphOptions, createClientGraph } from "../../dist/client-graph/client-graph.js";
import type { ProjectFolder } from "./project-folder.js";

/** A server of client code, as `miqro` answers it. */
export interface ClientSite {
  readonly url: string;
  readonly warnings: readonly string[];
  /** The paths that were asked for and not there. */
  readonly missing: readonly string[];
}

/** The page that most tests load: its script is the entry `app.js`. */
export const modulePage = '<!DOCTYPE html><body><script type="module" src="/js/app.js"></script></body>';

/** Serves the entries `NAME.js` of a project at `/js/NAME.js`, and pages and scripts by path. */
export async function serveClient(
  context: TestContext,
  project: ProjectFolder,
  options: Omit<ClientGraphOptions, "projectRoot"> & {
    readonly pages?: Readonly<Record<string, string>>;
    readonly entries?: readonly { readonly name: string; readonly source?: string }[];
  } = {},
): Promise<ClientSite> {
  const { pages = { "/": modulePage }, entries = [{ name: "app.js" }], ...graphOptions } = options;
  const graph = createClientGraph({ projectRoot: project.root, ...graphOptions });
  const stubs = new Map<string, string>();
  const warnings: string[] = [];
  for (const { name, source } of entries) {
    const url = `/js/${name.split("/").at(-1)}`;
    const described = source === undefined ? {} : { source: project.path(source) };
    const entry = await graph.addEntry({ url, file: project.path(name), ...described });
    stubs.set(url, entry.stub);
    warnings.push(...entry.warnings);
  }
  const missing: string[] = [];
  const server = createServer((req, res) => {
    const path = req.url?.replace(/\?.*/, "") ?? "/";
    const page = pages[path];
    if (page !== undefined) {
      const type = path.endsWith(".js") ? "text/javascript" : "text/html";
      return res.setHeader("content-type", `${type}; charset=utf-8`).end(page);
    }
    const stub = stubs.get(path);
    if (stub !== undefined) return res.setHeader("content-type", "text/javascript").end(stub);
    const module = graph.get(path);
    if (module !== undefined) return res.writeHead(200, module.headers).end(module.body);
    if (path.startsWith("/node_modules/")) return void sendFile(project.path(path.slice(1)), res);
    if (path !== "/favicon.ico") missing.push(path);
    return res.writeHead(404).end();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  context.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, warnings, missing };
}

/** What a user would have copied to `static/`: files that a package loads by itself. */
async function sendFile(file: string, res: ServerResponse): Promise<void> {
  const type = { ".wasm": "application/wasm", ".js": "text/javascript", ".mjs": "text/javascript" }[
    extname(file)
  ];
  res.setHeader("content-type", type ?? "application/octet-stream").end(await readFile(file));
}

/** The value that client code leaves in `globalThis.result`, or the error that keeps it from that. */
export async function resultOf(page: Page, url: string): Promise<unknown> {
  const errors: string[] = [];
  let fail: (error: Error) => void = () => undefined;
  const failed = new Promise<never>((_, reject) => {
    fail = reject;
  });
  failed.catch(() => undefined);
  const onError = (error: Error) => fail(new Error(`${error.message}\n${error.stack}`));
  page.on("pageerror", onError);
  page.on("console", (message) => errors.push(message.text()));
  try {
    await page.goto(url, { waitUntil: "commit" });
    const result = page.waitForFunction(() => (globalThis as { result?: unknown }).result !== undefined);
    result.catch(() => undefined);
    await Promise.race([result, failed]).catch((error) => {
      throw new Error(`${error.message}\n${errors.join("\n")}`);
    });
    return await page.evaluate(() => (globalThis as { result?: unknown }).result);
  } finally {
    page.off("pageerror", onError);
  }
}
