import type { Request, Response } from "@miqro/core";
import type { JSXNode } from "@miqro/jsx";
import type { RenderOptions, RenderToStreamOptions } from "@miqro/jsx-node";

/** A page in UTF-8: its bytes, or a stream if the page waits for something. */
export type Page = Uint8Array | ReadableStream<Uint8Array>;

/** Turns the return values of pages into HTML. */
export interface PageRenderer {
  isElement(value: unknown): boolean;
  /** The whole HTML of an element, after its async components are done. */
  toHTML(element: unknown, req: Request): string | Promise<string>;
  /**
   * A page with its doctype, in the form in which it is sent. A stream sends nothing until everything outside of a
   * `Suspense` is ready.
   * @param req - the request that the page answers: its URL is the location of the page
   * @param res - its `Content-Security-Policy` decides how late content may be put into place
   */
  toPage(element: unknown, req: Request, res: Response): Page | Promise<Page>;
  /** Loads the renderer before the first page needs it. */
  load(): Promise<unknown>;
}

type Render = typeof import("@miqro/jsx-node").renderPage;

// The mark of elements of @miqro/jsx. Services without pages need not load the package to see that a value is not an
// element.
const brand = Symbol.for("miqro.vnode");

/** Renders pages for which no client waits. */
export interface PageRendering {
  /** False renders the whole page with all its parts in place. */
  readonly outOfOrder?: false;
  /** Called with an error in a `Suspense`. The page shows only the fallback for it. Default: it is logged. */
  onPartError?(error: unknown, req: Request): void;
}

/** Makes a renderer that loads the JSX renderer when the first element is rendered. */
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
      // A composition has no base path, so the URL of a page begins at the root of the server.
      url: req.url,
      onError: (error: unknown) => onPartError(error, req),
    };
    if (render !== undefined) return render(element as JSXNode, pageOptions);
    return load().then((loaded) => loaded(element as JSXNode, pageOptions));
  };
  return {
    load,
    isElement,
    toPage: (element, req, res) =>
      renderTo(element, req, { doctype: true, contentSecurityPolicy: policyOf(res) }),
    toHTML(element, req) {
      // A page that is sent as a whole has no late parts.
      const page = renderTo(element, req, { outOfOrder: false });
      return page instanceof Uint8Array ? toText(page) : readWhole(page);
    },
  };
}

/** Whether a value is an element of @miqro/jsx. */
export function isElement(value: unknown): boolean {
  return (
    typeof value === "object" && value !== null && (value as { readonly brand?: unknown }).brand === brand
  );
}

function logPartError(error: unknown, req: Request): void {
  req.logger.error("A part of %s %s failed.", req.method, req.path, error);
}

async function readWhole(page: Page | Promise<Page>): Promise<string> {
  const settled = await page;
  return settled instanceof Uint8Array ? toText(settled) : new globalThis.Response(settled).text();
}

function toText({ buffer, byteOffset, byteLength }: Uint8Array): string {
  return Buffer.from(buffer, byteOffset, byteLength).toString();
}

function policyOf(res: Response): string | undefined {
  const name = "content-security-policy";
  // If the policy needs a nonce, reading the nonce here creates it.
  if (res.hasHeader(name)) void res.cspNonce;
  const policy = res.getHeader(name);
  return policy === undefined ? undefined : [policy].flat().join(", ");
}
