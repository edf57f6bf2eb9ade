import { createHash } from "node:crypto";
import type { Handler, Router } from "@miqro/core";
import type { LoadedService } from "../service/load-service.js";
import { type DocumentType, formats } from "./formats.js";
import type { OtherDocument } from "./llms.js";
import type { APIModel } from "./model.js";

/** A document that is served. */
export interface PublishedDocument {
  readonly path: string;
  readonly type: DocumentType;
  /** True for pages and other files in addition to `.api.ts`. */
  readonly all: boolean;
}

/** The paths of a document. An HTML document has a style sheet and a script in addition to the page. */
export function pathsOf({ path, type }: Pick<PublishedDocument, "path" | "type">): string[] {
  return type === "HTML" ? [path, `${assetBase(path)}.css`, `${assetBase(path)}.js`] : [path];
}

/** Returns the model of an API, of `.api.ts` files only or of all files. */
export type ModelReader = (all: boolean) => Promise<APIModel>;

/** Makes a reader that reads the services when a document is first requested, once for all documents. */
export function createModelReader(services: readonly LoadedService[]): ModelReader {
  const read = async (all: boolean): Promise<APIModel> => {
    const { readModel } = await import("./read-model.js");
    return readModel(services, all);
  };
  const readers = { api: once(() => read(false)), all: once(() => read(true)) };
  return (all) => (all ? readers.all() : readers.api());
}

/** Adds the routes of a document. Nothing is read or written before the first request. */
export function publish(
  { path, type, all }: PublishedDocument,
  router: Router,
  readModel: ModelReader,
  others: readonly OtherDocument[],
): void {
  const { contentType, load } = formats[type];
  if (type === "HTML") publishPage({ path, type, all }, router, () => readModel(all));
  else {
    router.get(
      path,
      serving(contentType, async () => (await load())(await readModel(all), others)),
    );
  }
}

function publishPage({ path }: PublishedDocument, router: Router, getModel: () => Promise<APIModel>): void {
  const base = assetBase(path);
  const name = base.slice(base.lastIndexOf("/") + 1);
  const load = () => import("./html/write-html.js");
  const servePage = (link: string): Handler =>
    serving(formats.HTML.contentType, async () => (await load()).writeLinkedHTML(await getModel(), link));
  const serve = servePage(name);
  // For a browser, relative links of a path with a final slash begin one folder deeper.
  const serveFolder = servePage(path === "/" ? name : `../${name}`);
  router.get(path, async (req, res) => {
    if (!res.hasHeader("content-security-policy")) {
      const servers = (await getModel()).servers.flatMap((server) => originOf(server));
      res.setHeader("Content-Security-Policy", policyFor(servers));
    }
    const [asked = ""] = (req.url ?? "").split("?", 1);
    return asked.endsWith("/") ? serveFolder(req, res) : serve(req, res);
  });
  router.get(
    `${base}.css`,
    serving("text/css; charset=utf-8", async () => (await import("./html/style.js")).style),
  );
  router.get(
    `${base}.js`,
    serving("text/javascript; charset=utf-8", async () => (await load()).readScript()),
  );
}

/** The paths of the style sheet and the script of a page, without their extensions. */
function assetBase(path: string): string {
  return path === "/" ? "/api-document" : path.replace(/\/+$/, "");
}

/** The page may run only its own script. Its forms may send requests to the servers in the document. */
function policyFor(servers: readonly string[]): string {
  return `default-src 'self'; connect-src ${["'self'", ...servers].join(" ")}; base-uri 'none'; frame-ancestors 'none'`;
}

function originOf(server: string): string[] {
  return URL.canParse(server) ? [new URL(server).origin] : [];
}

function serving(contentType: string, write: () => Promise<string>): Handler {
  const getAnswer = once(async () => {
    const body = await write();
    const ETag = `"${createHash("sha256").update(body).digest("base64url").slice(0, 22)}"`;
    return { body, headers: { "Content-Type": contentType, "Cache-Control": "no-cache", ETag } };
  });
  return async (req, res) => {
    const { body, headers } = await getAnswer();
    const isKnown = req.headers["if-none-match"]?.includes(headers.ETag) === true;
    return res.asyncEnd(isKnown ? { status: 304, headers } : { status: 200, headers, body });
  };
}

function once<Value>(make: () => Promise<Value>): () => Promise<Value> {
  let value: Promise<Value> | undefined;
  return () => {
    value ??= make();
    return value;
  };
}
