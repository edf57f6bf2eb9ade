import type { JSXNode } from "@miqro/jsx";
import { JSXNodeError } from "../errors.js";
import type { RenderOptions } from "../render/page-host.js";
import { readInlineScripts } from "./content-security-policy.js";
import { createScriptContent, type LateContent, templateContent } from "./late-content.js";
import { PageStream } from "./page-stream.js";

/** How `renderToStream` writes. */
export interface RenderToStreamOptions extends RenderOptions {
  /**
   * How the children of a `Suspense` that are not ready come after the rest of the page: `"script"`, the default, puts
   * them into place with small inline scripts; `"template"` leaves that to the browser, which must know `<template for>`
   * (Chrome and Edge from 150 on); `false` sends them in order, without the fallback.
   */
  readonly outOfOrder?: "script" | "template" | false | undefined;
  /**
   * The nonce of those scripts; by default that of `contentSecurityPolicy`.
   */
  readonly nonce?: string | undefined;
  /**
   * The `Content-Security-Policy` that the page is sent with. Under one that lets no inline script run, `"script"` sends
   * in order too.
   */
  readonly contentSecurityPolicy?: string | undefined;
  /**
   * Called with the errors of a `Suspense`, whose fallback then stays; `console.error` by default. What it throws ends
   * the stream.
   */
  readonly onError?: ((error: unknown) => unknown) | undefined;
  /** Ends the rendering, and the stream with its reason. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Renders a node to a stream of UTF-8, without a doctype. It sends what is ready and waits for async components and
 * promises, which all load at once, in the order of the page. The children of a `Suspense` come after the rest of the
 * page, each when it is ready. Little is rendered ahead of a reader that is slow. A reader that cancels, as when a client goes away, stops the rendering.
 *
 * @param node elements, components, text, lists and promises of them
 * @returns a stream that fails with what a component threw, unless an error boundary or a `Suspense` was above it
 */
export function renderToStream(
  node: JSXNode,
  options: RenderToStreamOptions = {},
): ReadableStream<Uint8Array> {
  return toReadableStream(new PageStream(node, options, chooseLateContent(options)), options.signal);
}

/**
 * Renders a page to HTML where it waits for nothing, and else to a stream like that of `renderToStream`, whose first chunk
 * comes when all is there that is in no `Suspense`. A page that fails before has sent nothing.
 *
 * @param node elements, components, text, lists and promises of them
 * @throws what a component threw before the page waited for anything, unless an error boundary or a `Suspense` was above it
 */
export function renderPage(
  node: JSXNode,
  options: RenderToStreamOptions = {},
): string | ReadableStream<Uint8Array> {
  const page = new PageStream(node, { ...options, holdsPage: true }, chooseLateContent(options));
  return page.begin() ?? toReadableStream(page, options.signal);
}

function toReadableStream(page: PageStream, signal: AbortSignal | undefined): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  let abort: (() => void) | undefined;
  let ended = false;
  const end = () => {
    ended = true;
    page.stop();
    if (abort !== undefined) signal?.removeEventListener("abort", abort);
  };
  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        if (signal === undefined) return;
        abort = () => {
          end();
          controller.error(signal.reason);
        };
        if (signal.aborted) abort();
        else signal.addEventListener("abort", abort);
      },
      async pull(controller) {
        try {
          const html = await page.next();
          if (ended) return;
          if (html !== undefined) {
            controller.enqueue(encoder.encode(html));
            return;
          }
          end();
          controller.close();
        } catch (error) {
          if (ended) return;
          end();
          controller.error(error);
        }
      },
      cancel: end,
    },
    // Nothing is rendered before somebody reads.
    { highWaterMark: 0 },
  );
}

function chooseLateContent(options: RenderToStreamOptions): LateContent | undefined {
  const { outOfOrder = "script", nonce, contentSecurityPolicy = "" } = options;
  switch (outOfOrder) {
    case false:
      return undefined;
    case "template":
      return templateContent;
    case "script": {
      // There is nothing to read in most pages.
      if (contentSecurityPolicy === "") return createScriptContent(nonce);
      const scripts = readInlineScripts(contentSecurityPolicy, nonce);
      return scripts.run ? createScriptContent(scripts.nonce) : undefined;
    }
    default:
      throw new JSXNodeError(
        "JSX_INVALID_OPTION",
        `The option outOfOrder cannot be ${JSON.stringify(outOfOrder)}: use "script", "template" or false.`,
      );
  }
}
