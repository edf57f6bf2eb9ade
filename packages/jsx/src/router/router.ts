import { useLayoutEffect } from "../hooks/effect.js";
import { useMemo, useRef } from "../hooks/memo.js";
import { toInnerPath, withBasePath } from "../runtime/runtime.js";
import { runtimeContext, useRuntime, useURL } from "../runtime/use-runtime.js";
import { createElement } from "../vnode/create-element.js";
import type { AnyComponent, JSXNode } from "../vnode/vnode.js";
import { decode } from "./decode.js";
import { matchPath } from "./match-path.js";

/** The props of `Router`. */
export interface RouterProps {
  /**
   * The components by path: `/posts`, `/posts/:id`, `/files/*`, or `*` for all other paths. For `/posts/:id`, the
   * component gets `id` as a prop. The `Router` shows the first path that matches.
   */
  readonly routes: Readonly<Record<string, AnyComponent>>;
  /** The prefix of all paths. Default: the base path of the runtime. */
  readonly basePath?: string;
}

/** The members of a DOM element that a `Router` uses. */
interface Region {
  focus(options: { readonly preventScroll: boolean }): void;
  getRootNode(): { getElementById?(id: string): { scrollIntoView(): void } | null };
}

const page = globalThis as unknown as { scrollTo?(left: number, top: number): void };

/** Moves the focus to the new content, because screen readers continue at the focus. */
function arrive(region: Region, hash: string): void {
  region.focus({ preventScroll: true });
  const target = hash.length > 1 ? region.getRootNode().getElementById?.(decode(hash.slice(1))) : undefined;
  if (target) target.scrollIntoView();
  else page.scrollTo?.(0, 0);
}

/**
 * Shows the component whose path matches the current path. `Link` and `navigate` change the current path. The content
 * is inside a `<div>`, which gets the focus after a change. When the user goes back, the browser restores focus and
 * scroll positions.
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
