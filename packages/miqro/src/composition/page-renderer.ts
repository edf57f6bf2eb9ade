import type { Request } from "@miqro/core";
import type { JSXNode } from "@miqro/jsx";
import type { RenderOptions } from "@miqro/jsx-node";

/** Turns what pages return into HTML. */
export interface PageRenderer {
  isElement(value: unknown): boolean;
  /** @param req the request that the page answers: its URL is where the page is */
  toHTML(element: unknown, req: Request): string | Promise<string>;
  /** Loads what renders, for who knows that there will be something to render. */
  load(): Promise<unknown>;
}

type RenderToString = typeof import("@miqro/jsx-node").renderToString;

// The mark of what @miqro/jsx makes: services without pages need not load it to know that there is nothing of it.
const brand = Symbol.for("miqro.vnode");

/** Makes a renderer that loads the one of JSX with the first element. */
export function createPageRenderer(options: RenderOptions): PageRenderer {
  let render: RenderToString | undefined;
  const load = async (): Promise<RenderToString> => {
    render ??= (await import("@miqro/jsx-node")).renderToString;
    return render;
  };
  return {
    load,
    isElement: (value) =>
      typeof value === "object" && value !== null && (value as { readonly brand?: unknown }).brand === brand,
    toHTML(element, { url }) {
      // A composition has no base path: the URL of a page begins where that of the server does.
      const place = { ...options, url };
      if (render !== undefined) return render(element as JSXNode, place);
      return load().then((loaded) => loaded(element as JSXNode, place));
    },
  };
}
