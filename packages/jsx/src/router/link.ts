import { toInnerPath } from "../runtime/runtime.js";
import { useRuntime, useURL } from "../runtime/use-runtime.js";
import { createElement } from "../vnode/create-element.js";
import type { JSXNode } from "../vnode/vnode.js";
import { decode } from "./decode.js";

/** The attributes of a `Link`: the attributes of an `<a>`. The `href` is a path of the application. */
export interface LinkProps {
  /** A path without the base path, or the URL of another site. The browser loads another site as usual. */
  readonly href: string;
  /** Replaces the current entry of the history instead of adding an entry. */
  readonly replace?: boolean;
  readonly children?: JSXNode;
  readonly [attribute: string]: unknown;
}

/** The properties of a click that a `Link` reads. */
interface Click {
  readonly button: number;
  readonly altKey: boolean;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly shiftKey: boolean;
  readonly defaultPrevented: boolean;
  preventDefault(): void;
}

/** Returns the current path without the base path, the query string and the fragment. */
export function usePathname(): string {
  const runtime = useRuntime();
  useURL();
  return toInnerPath(runtime);
}

/** Normalizes a path for comparison: decodes escapes and removes a slash at the end. */
function toPlace(path: string): string {
  return decode(path).replace(/\/+$/, "");
}

/** The browser handles all other clicks, such as those that open a new window. */
function isPlain(click: Click): boolean {
  return !(
    click.defaultPrevented ||
    click.button !== 0 ||
    click.altKey ||
    click.ctrlKey ||
    click.metaKey ||
    click.shiftKey
  );
}

/**
 * An `<a>` that shows another path of the application without loading a page. While this path is shown, the link has
 * `aria-current="page"`. The browser handles some clicks as usual: clicks with a modifier key or another mouse button,
 * links with `download` or a `target` other than `_self`, and links to other sites.
 */
export function Link({ href, replace = false, children, ...attributes }: LinkProps): JSXNode {
  const runtime = useRuntime();
  const pathname = usePathname();
  const inner = /^\/(?![/\\])/.test(href);
  const url = inner ? runtime.basePath + href : href;
  const target = attributes.target;
  const stays = inner && (target === undefined || target === "_self") && attributes.download === undefined;
  const onClick = (click: Click) => {
    (attributes.onClick as ((click: Click) => void) | undefined)?.(click);
    if (!stays || !isPlain(click)) return;
    click.preventDefault();
    const { pathname, search, hash } = runtime.url;
    // As in browsers, a link to the current URL does not add a second entry to the history.
    runtime.navigate(url, { replace: replace || url === pathname + search + hash });
  };
  const current = inner && toPlace(href.replace(/[?#].*/s, "")) === toPlace(pathname) ? "page" : undefined;
  return createElement("a", { "aria-current": current, ...attributes, href: url, onClick }, children);
}
