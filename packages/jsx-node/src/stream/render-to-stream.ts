import type { JSXNode } from "@miqro/jsx";
import { JSXNodeError } from "../errors.js";
import type { RenderOptions } from "../render/page-host.js";
import { readInlineScripts } from "./content-security-policy.js";
import { createScriptContent, type LateContent, templateContent } from "./late-content.js";
import { PageStream } from "./page-stream.js";

/** Options of `renderToStream`. */
export interface RenderToStreamOptions extends RenderOptions {
  /** True to write `<!DOCTYPE html>` before the page. */
  readonly doctype?: boolean | undefined;
  /**
   * How late children of a `Suspense` are sent. `"script"`, the default, sends them after the rest of the page and
   * moves them to their position with small inline scripts. `"template"` also sends them last; the browser moves them
   * and must support `<template for>` (Chrome and Edge since version 150). `false` sends them in order, without the
   * fallback.
   */
  readonly outOfOrder?: "script" | "template" | false | undefined;
  /** The nonce of the inline scripts. Default: the nonce in `contentSecurityPolicy`. */
  readonly nonce?: string | undefined;
  /**
   * The `Content-Security-Policy` header of the page. If it allows no inline scripts, `"script"` sends the children in
   * order, as `false` does.
   */
  readonly contentSecurityPolicy?: string | undefined;
  /**
   * Called with each error inside of a `Suspense`. The fallback then stays. Default: `console.error`. If this function
   * throws, the stream ends with its error.
   */
  readonly onError?: ((error: unknown) => unknown) | undefined;
  /** A signal that stops the rendering. The stream then fails with the reason of the signal. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Renders a node to a stream of UTF-8. It sends content in the order of the page, as soon as it is ready. All promises
 * and async components load in parallel. If the children of a `Suspense` are not ready, they are sent after the rest of
 * the page. If the reader is slow, rendering waits. If the reader cancels, because the client has disconnected,
 * rendering stops.
 *
 * @param node elements, components, text, arrays, and promises of these
 * @returns a stream. It fails with the error of a component, unless an error boundary or a `Suspense` above the
 *   component handles the error.
 */
export function renderToStream(
  node: JSXNode,
  options: RenderToStreamOptions = {},
): ReadableStream<Uint8Array> {
  return toReadableStream(new PageStream(node, options, chooseLateContent(options)), options.signal);
}

/**
 * Renders a page to UTF-8. If the page contains no promise, returns its bytes, otherwise a stream like that of
 * `renderToStream`. The stream sends its first chunk when all content outside of a `Suspense` is ready. So if the page
 * fails before that, nothing has been sent. The bytes share an `ArrayBuffer` with other pages, so do not transfer it.
 *
 * @param node elements, components, text, arrays, and promises of these
 * @throws the error of a component, if it is thrown before the page waits for a promise and no error boundary or
 *   `Suspense` handles it
 */
export function renderPage(
  node: JSXNode,
  options: RenderToStreamOptions = {},
): Uint8Array | ReadableStream<Uint8Array> {
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
    // With this option, rendering begins when the stream is first read.
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
      // Skips the parsing of an empty policy.
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
