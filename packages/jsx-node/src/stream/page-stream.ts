import { createInstance, type JSXNode } from "@miqro/jsx";
import {
  createPageState,
  HTMLWriter,
  type PageState,
  SuspenseNode,
  type WriterPlace,
} from "../render/html-writer.js";
import { createPageHost, type RenderOptions } from "../render/page-host.js";
import { createHoles, type Piece } from "./holes.js";
import { arrivalOf, fallbackOf } from "./swap-script.js";

/** What a `PageStream` takes. */
export interface PageStreamOptions extends RenderOptions {
  readonly nonce?: string | undefined;
  readonly onError?: ((error: unknown) => void) | undefined;
}

/** Renders a page piece by piece, as what it waits for comes. */
export class PageStream {
  readonly #options: PageStreamOptions;
  readonly #page: PageState = createPageState();
  readonly #holes = createHoles();
  /** What the holes of a number wait for. */
  readonly #waiting: Promise<readonly Piece[]>[] = [];
  /** The boundaries whose fallback was written, by their ids, and how they end. */
  readonly #suspended = new Map<string, Promise<string | undefined>>();
  #suspenseCount = 0;
  #stopped = false;

  constructor(options: PageStreamOptions) {
    this.#options = options;
  }

  /** Ends all rendering: what components still wait for is not looked at when it comes. */
  stop(): void {
    this.#stopped = true;
  }

  /** Gives the HTML in the order in which it can be sent. */
  async *render(node: JSXNode): AsyncGenerator<string, void, undefined> {
    const host = {
      ...createPageHost(this.#options),
      suspend: (props: SuspenseNode["props"]) => new SuspenseNode(props) as unknown as JSXNode,
    };
    const above = createInstance(host, undefined);
    yield* this.#inOrder(this.#write(node, { above, foreign: "", selected: undefined }, true));
    let first = true;
    while (this.#suspended.size > 0) {
      const ready = [...this.#suspended].map(async ([id, html]) => [id, await html] as const);
      const [id, html] = await Promise.race(ready);
      this.#suspended.delete(id);
      if (html === undefined) continue;
      yield arrivalOf(id, html, first, this.#options.nonce);
      first = false;
    }
  }

  /** Renders a node as far as it is ready. */
  #write(node: JSXNode, place: WriterPlace, suspends: boolean): Piece[] {
    const { modulePreload, onWarning = console.warn } = this.#options;
    const writer: HTMLWriter = new HTMLWriter(
      {
        modulePreload,
        onWarning,
        onPromise: (promise, at) => {
          writer.html += this.#holes.mark(this.#wait(promise, at, suspends));
        },
        onSuspense: (suspense, at) => {
          writer.html += this.#suspend(suspense, at, suspends);
        },
      },
      this.#page,
      place,
    );
    writer.write(node, place.above);
    return this.#holes.split(writer.html);
  }

  #wait(promise: PromiseLike<JSXNode>, place: WriterPlace, suspends: boolean): number {
    const pieces = Promise.resolve(promise).then((node) => {
      return this.#stopped ? [] : this.#write(node, place, suspends);
    });
    // It may fail long before its turn comes.
    pieces.catch(() => {});
    return this.#waiting.push(pieces) - 1;
  }

  /** Writes what stands for a `Suspense`: its children when they are ready, or else its fallback. */
  #suspend({ props }: SuspenseNode, place: WriterPlace, suspends: boolean): string {
    const mark = (pieces: readonly Piece[]) =>
      pieces.map((piece) => (typeof piece === "number" ? this.#holes.mark(piece) : piece)).join("");
    const pieces = this.#write(props.children, place, false);
    // Inside of another one, and of custom elements, whose content no script can find, all comes in order.
    if (!suspends || pieces.length === 1) return mark(pieces);
    const id = `miqro-${this.#suspenseCount++}`;
    this.#suspended.set(
      id,
      this.#whole(pieces).catch((error: unknown) => {
        (this.#options.onError ?? console.error)(error);
        return undefined;
      }),
    );
    return fallbackOf(id, mark(this.#write(props.fallback, place, false)));
  }

  async #whole(pieces: readonly Piece[]): Promise<string> {
    let html = "";
    for await (const text of this.#inOrder(pieces)) html += text;
    return html;
  }

  async *#inOrder(pieces: readonly Piece[]): AsyncGenerator<string, void, undefined> {
    for (const piece of pieces) {
      if (typeof piece === "number")
        yield* this.#inOrder(await (this.#waiting[piece] as Promise<readonly Piece[]>));
      else if (piece !== "") yield piece;
    }
  }
}
