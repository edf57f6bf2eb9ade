import type { JSXNode } from "@miqro/jsx";
import { JSXNodeError } from "../errors.js";
import type { RenderOptions } from "../render/page-host.js";
import { readInlineScripts } from "./content-security-policy.js";
import { createScriptContent, type LateContent, templateContent } from "./late-content.js";
import { PageStream } from "./page-stream.js";

/** Options of `renderToStream`. */
export interface RenderToStreamOptions extends RenderOptions {
  /**
   * How the children of a `Suspense` that are not ready are sent after the rest of the page. `"script"`, the default,
   * moves them into place with small inline scripts. `"template"` leaves that to the browser, which must know
   * `<template for>` (Chrome and Edge from 150 on). `false` sends them in order, without the fallback.
   */
  readonly outOfOrder?: "script" | "template" | false | undefined;
  /**
   * The nonce of those scripts; by default that of `contentSecurityPolicy`.
   */
  readonly nonce?: string | undefined;
  /**
   * The `Content-Security-Policy` that the page is sent with. If it allows no inline scripts, `"script"` also sends in
   * order.
   */
  readonly contentSecurityPolicy?: string | undefined;
  /**
   * Called with the errors of a `Suspense`, whose fallback then stays; `console.error` by default. An error that it
   * throws ends the stream.
   */
  readonly onError?: ((error: unknown) => unknown) | undefined;
  /** Ends the rendering, and the stream with the reason of the signal. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Renders a node to a stream of UTF-8, without a doctype. It sends content when it is ready, in the order of the page.
 * Async components and promises all load in parallel. The children of a `Suspense` come after the rest of the page,
 * each when it is ready. For a slow reader, little is rendered ahead. A reader that cancels, as when a client
 * disconnects, stops the rendering.
 *
 * @param node elements, components, text, arrays, and promises of these
 * @returns a stream that fails with the error of a component, unless an error boundary or a `Suspense` was above it
 */
export function renderToStream(
  node: JSXNode,
  options: RenderToStreamOptions = {},
): ReadableStream<Uint8Array> {
  return toReadableStream(new PageStream(node, options, chooseLateContent(options)), options.signal);
}

/**
 * Renders a page to HTML if it waits for nothing, otherwise to a stream like that of `renderToStream`. The first chunk
 * of the stream comes when everything outside of a `Suspense` is ready, so a page that fails before that has sent
 * nothing.
 *
 * @param node elements, components, text, arrays, and promises of these
 * @throws the error that a component throws before the page has waited for anything, unless an error boundary or a
 *   `Suspense` is above the component
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
    // Rendering begins with the first read.
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
      // Most pages have nothing to read.
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
