import { useLayoutEffect } from "../hooks/effect.js";
import { useMemo, useRef } from "../hooks/memo.js";
import { toInnerPath, withBasePath } from "../runtime/runtime.js";
import { runtimeContext, useRuntime, useURL } from "../runtime/use-runtime.js";
import { createElement } from "../vnode/create-element.js";
import type { AnyComponent, JSXNode } from "../vnode/vnode.js";
import { decode } from "./decode.js";
import { matchPath } from "./match-path.js";

/** What a `Router` shows where. */
export interface RouterProps {
  /**
   * Components by the paths that they are shown at, the first that fits: `/posts`, `/posts/:id` (the component gets
   * `id` as a prop), `/files/*`, and `*` for all the rest.
   */
  readonly routes: Readonly<Record<string, AnyComponent>>;
  /** What each path begins with; that of the runtime without it. */
  readonly basePath?: string;
}

/** What `Router` does with the page and the element around its content. */
interface Region {
  focus(options: { readonly preventScroll: boolean }): void;
  getRootNode(): { getElementById?(id: string): { scrollIntoView(): void } | null };
}

const page = globalThis as unknown as { scrollTo?(left: number, top: number): void };

/** Readers of screens go on where the focus is: in what is new. */
function arrive(region: Region, hash: string): void {
  region.focus({ preventScroll: true });
  const target = hash.length > 1 ? region.getRootNode().getElementById?.(decode(hash.slice(1))) : undefined;
  if (target) target.scrollIntoView();
  else page.scrollTo?.(0, 0);
}

/**
 * Shows the component whose path is that of the page, and goes on to another one with `Link` and `navigate`. The
 * content stands in a `<div>` that gets the focus when the page went elsewhere; going back leaves focus and scroll
 * positions to the browser.
 */
export function Router({ routes, basePath }: RouterProps): JSXNode {
  const outer = useRuntime();
  const runtime = useMemo(() => withBasePath(outer, basePath), [outer, basePath]);
  const url = useURL();
  const region = useRef<Region>();
  const { arrivals } = runtime;
  const seen = useRef(arrivals);
  useLayoutEffect(() => {
    if (seen.current === arrivals || !region.current) return;
    seen.current = arrivals;
    arrive(region.current, url.hash);
  }, [arrivals]);

  const path = toInnerPath(runtime);
  for (const [pattern, component] of Object.entries(routes)) {
    const params = matchPath(pattern, path);
    if (params === undefined) continue;
    const content = createElement(component, { ...params, key: pattern });
    const box = createElement("div", { tabIndex: -1, style: "outline: none", ref: region }, content);
    return createElement(runtimeContext().Provider, { value: runtime }, box);
  }
  return null;
}
