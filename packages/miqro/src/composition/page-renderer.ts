import type { Request, Response } from "@miqro/core";
import type { JSXNode } from "@miqro/jsx";
import type { RenderOptions, RenderToStreamOptions } from "@miqro/jsx-node";

/** A page: HTML, or a stream of HTML if the page waits for something. */
export type Page = string | ReadableStream<Uint8Array>;

/** Turns what pages return into HTML. */
export interface PageRenderer {
  isElement(value: unknown): boolean;
  /** All of an element's HTML, once async components are done. */
  toHTML(element: unknown, req: Request): string | Promise<string>;
  /**
   * A page as it is to be sent. A stream sends nothing before all is there that is in no `Suspense`.
   * @param req - the request that the page answers: its URL is where the page is
   * @param res - its `Content-Security-Policy` says how content that is late may be put into place
   */
  toPage(element: unknown, req: Request, res: Response): Page | Promise<Page>;
  /** Loads what renders, for who knows that there will be something to render. */
  load(): Promise<unknown>;
}

type Render = typeof import("@miqro/jsx-node").renderPage;

// The mark of what @miqro/jsx makes: services without pages need not load it to know that there is nothing of it.
const brand = Symbol.for("miqro.vnode");

/** Renders pages that no client waits for. */
export interface PageRendering {
  /** False has all of a page in its place at once. */
  readonly outOfOrder?: false;
  /** Called with an error in a `Suspense`, which its page shows by the fallback only. Default: it is logged. */
  onPartError?(error: unknown, req: Request): void;
}

/** Makes a renderer that loads the one of JSX with the first element. */
export function createPageRenderer(
  options: RenderOptions,
  { onPartError = logPartError, ...rendering }: PageRendering = {},
): PageRenderer {
  let render: Render | undefined;
  const load = async (): Promise<Render> => {
    render ??= (await import("@miqro/jsx-node")).renderPage;
    return render;
  };
  const renderTo = (element: unknown, req: Request, own: RenderToStreamOptions): Page | Promise<Page> => {
    const pageOptions = {
      ...options,
      ...own,
      ...rendering,
      // A composition has no base path: the URL of a page begins where that of the server does.
      url: req.url,
      onError: (error: unknown) => onPartError(error, req),
    };
    if (render !== undefined) return render(element as JSXNode, pageOptions);
    return load().then((loaded) => loaded(element as JSXNode, pageOptions));
  };
  return {
    load,
    isElement: (value) =>
      typeof value === "object" && value !== null && (value as { readonly brand?: unknown }).brand === brand,
    toPage: (element, req, res) => renderTo(element, req, { contentSecurityPolicy: policyOf(res) }),
    toHTML(element, req) {
      // A page that is sent as a whole has no late parts.
      const page = renderTo(element, req, { outOfOrder: false });
      return typeof page === "string" ? page : readWhole(page);
    },
  };
}

function logPartError(error: unknown, req: Request): void {
  req.logger.error("A part of %s %s failed.", req.method, req.path, error);
}

async function readWhole(page: Page | Promise<Page>): Promise<string> {
  const settled = await page;
  return typeof settled === "string" ? settled : new globalThis.Response(settled).text();
}

function policyOf(res: Response): string | undefined {
  const name = "content-security-policy";
  // A policy that is to have a nonce gets it when it is read first.
  if (res.hasHeader(name)) void res.cspNonce;
  const policy = res.getHeader(name);
  return policy === undefined ? undefined : [policy].flat().join(", ");
}
