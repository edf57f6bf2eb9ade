import { toInnerPath } from "../runtime/runtime.js";
import { useRuntime, useURL } from "../runtime/use-runtime.js";
import { createElement } from "../vnode/create-element.js";
import type { JSXNode } from "../vnode/vnode.js";
import { decode } from "./decode.js";

/** The attributes of a `Link`: those of an `<a>`, with a path of the application as its `href`. */
export interface LinkProps {
  /** A path without the base path, or a URL of another site, which the browser then loads. */
  readonly href: string;
  /** Replaces the entry of the history instead of adding one. */
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

/** The path of the application, without query string and fragment. */
export function usePathname(): string {
  const runtime = useRuntime();
  useURL();
  return toInnerPath(runtime);
}

/** Two paths are the same place however they are escaped, and with or without a slash at the end. */
function toPlace(path: string): string {
  return decode(path).replace(/\/+$/, "");
}

/** The browser itself handles new windows, downloads and the like. */
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
 * An `<a>` that goes to another place of the application without loading a page. While that place is shown, it has
 * `aria-current="page"`. It leaves these to the browser: clicks with a modifier key or another mouse button, links with
 * `download` or a `target` other than `_self`, and links to other sites.
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
    // As in browsers, a link to the current place adds no second entry.
    runtime.navigate(url, { replace: replace || url === pathname + search + hash });
  };
  const current = inner && toPlace(href.replace(/[?#].*/s, "")) === toPlace(pathname) ? "page" : undefined;
  return createElement("a", { "aria-current": current, ...attributes, href: url, onClick }, children);
}
