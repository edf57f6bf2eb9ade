import { randomBytes } from "node:crypto";
import { createInstance, type JSXNode, type SuspenseProps } from "@miqro/jsx";
import {
  createPageState,
  HTMLWriter,
  noSurroundings,
  type PageState,
  SuspenseNode,
  type WriterPlace,
} from "../render/html-writer.js";
import { take, takeBytes, writeHTML } from "../render/page-bytes.js";
import { createPageHost, type RenderOptions } from "../render/page-host.js";
import { isBeforeBody } from "./body-start.js";
import { createHoles } from "./holes.js";
import type { LateContent } from "./late-content.js";
import { Boundary, type Piece, Segment } from "./piece.js";
import { maxChunk, PieceCursor } from "./piece-cursor.js";

/** The options of a `PageStream`. */
export interface PageStreamOptions extends RenderOptions {
  readonly onError?: ((error: unknown) => unknown) | undefined;
  readonly doctype?: boolean | undefined;
  /** Whether to send nothing until all content outside of a `Suspense` is ready. */
  readonly holdsPage?: boolean;
}

/** Content that is not ready when the HTML around it is written. */
type Part = Segment | Boundary;

/**
 * The maximum number of characters that are rendered before the reader requests them. Rendering then waits for the
 * reader.
 */
const maxAhead = 2 * maxChunk;

/** Renders a page in pieces, as its data arrives and the reader requests more. */
export class PageStream {
  readonly #options: PageStreamOptions;
  readonly #state: PageState;
  readonly #holes = createHoles();
  /** The prefix of the ids of fallbacks; empty until the first fallback. */
  #idPrefix = "";
  readonly #page: Boundary;
  readonly #cursor = new PieceCursor();
  /** Results of promises that wait because the reader is slow. */
  readonly #parked = new Set<Segment>();
  /** The boundaries whose children are ready to replace the fallback. */
  readonly #ready = new Set<Boundary>();
  /** The number of boundaries whose fallback was sent and whose children are not ready. */
  #open = 0;
  #fallbacks = 0;
  readonly #late: LateContent | undefined;
  /** The HTML that was sent so far; undefined if the body of the page has certainly begun. */
  #beginning: string | undefined = "";
  /** The number of rendered characters that are not yet sent. */
  #ahead = 0;
  #started = false;
  #stopped = false;
  #failure: { readonly error: unknown } | undefined;
  /** Resolves the promise of a waiting reader; undefined if no reader waits. */
  #wake: (() => void) | undefined;

  /** @param late the method for inserting late content; without it, all content is sent in order */
  constructor(node: JSXNode, options: PageStreamOptions, late: LateContent | undefined) {
    this.#options = options;
    this.#late = late;
    this.#state = createPageState(options.idPrefix);
    const host = {
      ...createPageHost(options),
      suspend: (props: SuspenseProps) => new SuspenseNode(props) as unknown as JSXNode,
    };
    const place = {
      ...noSurroundings,
      above: createInstance(host, undefined),
      inline: late === undefined,
    };
    this.#page = new Boundary({ children: node }, place);
  }

  /** Stops all rendering. Results of pending promises are ignored. */
  stop(): void {
    this.#stopped = true;
    this.#parked.clear();
    this.#ready.clear();
    this.#cursor.clear();
    this.#wake?.();
  }

  /**
   * Renders all content that does not depend on a promise, before the reader requests any.
   *
   * @returns the page as UTF-8, if it is complete
   * @throws the error of a component outside of a `Suspense`
   */
  begin(): Uint8Array | undefined {
    return this.#start(true);
  }

  /**
   * Resolves to the next HTML to send.
   *
   * @returns `undefined` at the end
   * @throws the error of a component outside of a `Suspense`
   */
  async next(): Promise<string | undefined> {
    if (!this.#started) this.#start(false);
    for (;;) {
      if (this.#failure !== undefined) throw this.#failure.error;
      const isHeld = this.#options.holdsPage === true && !this.#page.settled;
      const html = isHeld ? "" : this.#take();
      if (html !== "") return html;
      if (this.#stopped || (!isHeld && this.#cursor.done && this.#open === 0)) return undefined;
      const [first] = this.#parked;
      const segment = this.#cursor.blocking?.parked === undefined ? first : this.#cursor.blocking;
      if (segment === undefined) {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
        this.#wake = undefined;
      } else {
        this.#parked.delete(segment);
        this.#render(segment, segment.parked?.node);
      }
    }
  }

  /** Renders the page. Returns it if `takesWhole` is true and it is complete. Otherwise its pieces are sent. */
  #start(takesWhole: boolean): Uint8Array | undefined {
    this.#started = true;
    const { props, place } = this.#page;
    const parts: Part[] = [];
    const html = this.#createWriter(parts, place).render(
      props.children,
      place.above,
      (from) => (takesWhole && parts.length === 0 ? takeBytes(from) : take(from)),
      this.#options.doctype === true ? "<!DOCTYPE html>" : "",
    );
    if (typeof html !== "string") return html;
    this.#page.pieces = this.#split(html, parts, this.#page);
    this.#cursor.push(this.#page.pieces, "");
    return undefined;
  }

  #take(): string {
    let html = this.#cursor.take((boundary, before) => this.#enter(boundary, before));
    while (html.length < maxChunk && this.#cursor.done) {
      const [boundary] = this.#ready;
      if (boundary?.id === undefined || this.#late === undefined) break;
      this.#ready.delete(boundary);
      const [start, end] = this.#late.arrival(boundary.id);
      html += this.#begin(start, boundary.pieces, end);
      html += this.#cursor.take((inner, before) => this.#enter(inner, before));
    }
    this.#ahead -= html.length;
    if (this.#beginning !== undefined) {
      // No head is so long, so the body has begun.
      this.#beginning = this.#beginning.length > maxChunk ? undefined : this.#beginning + html;
    }
    return html;
  }

  #begin(start: string, pieces: Piece[], end: string): string {
    this.#ahead += start.length + end.length;
    this.#cursor.push(pieces, end);
    return start;
  }

  /** Returns the HTML for a boundary: its children if they are ready, otherwise its fallback. */
  #enter(boundary: Boundary, before: string): string {
    if (boundary.settled && !boundary.failed) return this.#begin("", boundary.pieces, "");
    const { place, props } = boundary;
    const fallback = this.#write(props.fallback, { ...place, inline: true }, this.#page);
    if (boundary.failed || this.#late === undefined) return this.#begin("", fallback, "");
    // The ids are random, so that text of a user cannot contain them.
    if (this.#idPrefix === "") this.#idPrefix = `miqro-${randomBytes(10).toString("hex")}-`;
    boundary.id = this.#idPrefix + this.#fallbacks++;
    this.#open++;
    const [start, end] = this.#late.fallback(boundary.id);
    return this.#begin(this.#startOfBody(before) + start, fallback, end);
  }

  /**
   * Returns a `<body>` tag if the parser has not begun the body. Without it, the parser would leave the mark of a
   * fallback in the head. If the page had begun its body before this stream, the tag has no effect.
   */
  #startOfBody(before: string): string {
    const beginning = this.#beginning;
    if (beginning === undefined) return "";
    const html = beginning + before;
    const isBefore = isBeforeBody(html);
    // If a head is open, the body begins later.
    if (isBefore || !/<head(?:\s[^>]*)?>(?![\s\S]*<\/head>)/i.test(html)) this.#beginning = undefined;
    return isBefore ? "<body>" : "";
  }

  /** Renders a node. Positions whose data is not ready become separate pieces. */
  #write(node: JSXNode, place: WriterPlace, boundary: Boundary): Piece[] {
    const parts: Part[] = [];
    const html = this.#createWriter(parts, place).render(node, place.above, take);
    return this.#split(html, parts, boundary);
  }

  /** Makes a writer. It adds what is not ready to `parts`, and leaves a mark in the HTML. */
  #createWriter(parts: Part[], place: WriterPlace): HTMLWriter {
    const { modulePreload, onWarning = console.warn } = this.#options;
    const leaveHole = (part: Part) => {
      writeHTML(this.#holes.mark(parts.push(part) - 1));
    };
    return new HTMLWriter(
      {
        modulePreload,
        onWarning,
        onPromise: (promise, at) => leaveHole(this.#await(promise, at)),
        onSuspense: ({ props }, at) => leaveHole(this.#suspend(props, at)),
      },
      this.#state,
      place,
    );
  }

  #split(html: string, parts: readonly Part[], boundary: Boundary): Piece[] {
    this.#ahead += html.length;
    boundary.size += html.length;
    if (parts.length === 0) return [html];
    return this.#holes.split(html).map((piece) => {
      return typeof piece === "number" ? join(parts[piece] as Part, boundary) : piece;
    });
  }

  #await(promise: PromiseLike<JSXNode>, place: WriterPlace): Segment {
    const segment = new Segment(place);
    Promise.resolve(promise).then(
      (node) => this.#arrive(segment, node),
      (error: unknown) => this.#fail(segment.boundary, error),
    );
    return segment;
  }

  #suspend(props: SuspenseProps, place: WriterPlace): Boundary {
    const boundary = new Boundary(props, place);
    try {
      boundary.pieces = this.#write(props.children, place, boundary);
    } catch (error) {
      boundary.failed = true;
      this.#report(error);
    }
    return boundary;
  }

  #arrive(segment: Segment, node: JSXNode): void {
    if (this.#ahead < maxAhead || this.#wake !== undefined) {
      this.#render(segment, node);
    } else if (segment.boundary !== undefined && !this.#isGone(segment.boundary)) {
      segment.parked = { node };
      this.#parked.add(segment);
    }
  }

  #render(segment: Segment, node: JSXNode): void {
    const { boundary } = segment;
    if (boundary === undefined || this.#isGone(boundary)) return;
    segment.parked = undefined;
    try {
      segment.pieces = this.#write(node, segment.place, boundary);
    } catch (error) {
      this.#fail(boundary, error);
      return;
    }
    this.#settle(boundary);
  }

  /** True if a boundary or a boundary around it has failed, so that its content will not be sent. */
  #isGone(boundary: Boundary): boolean {
    let above: Boundary | undefined = boundary;
    while (above !== undefined && above !== this.#page && !above.failed) above = above.parent;
    return this.#stopped || above !== this.#page;
  }

  /** Records that one more part of a boundary is rendered. */
  #settle(boundary: Boundary): void {
    boundary.waiting--;
    if (boundary.waiting === 0) this.#finish(boundary);
    this.#wake?.();
  }

  #finish(boundary: Boundary): void {
    if (boundary.id !== undefined) {
      this.#open--;
      if (!boundary.failed) this.#ready.add(boundary);
    } else if (boundary.place.inline && boundary.parent !== undefined) {
      this.#settle(boundary.parent);
    }
  }

  #fail(boundary: Boundary | undefined, error: unknown): void {
    if (boundary === undefined || this.#isGone(boundary)) return;
    if (boundary === this.#page) {
      this.#failure = { error };
      this.stop();
      return;
    }
    boundary.failed = true;
    this.#ahead -= boundary.size;
    this.#report(error);
    this.#finish(boundary);
    this.#wake?.();
  }

  /** Calls `onError` for an error whose fallback stays. If `onError` throws, the page fails. */
  #report(error: unknown): void {
    const { onError = console.error } = this.#options;
    const fail = (failure: unknown) => this.#fail(this.#page, failure);
    try {
      Promise.resolve(onError(error)).catch(fail);
    } catch (failure) {
      fail(failure);
    }
  }
}

/**
 * Adds a part to a boundary. This is not called for parts that an error boundary discarded, so the boundary does not
 * wait for them.
 */
function join(part: Part, boundary: Boundary): Piece {
  if (part instanceof Segment) part.boundary = boundary;
  else part.parent = boundary;
  if (part instanceof Segment || (part.place.inline && !part.settled)) boundary.waiting++;
  return part;
}
