import { Worker } from "node:worker_threads";
import type { MarkdownPage } from "../markdown/read-page.js";
import type { PageContent } from "../markdown/render-page.js";

/** Renders Markdown pages in threads, while the main thread makes requests, finds links and writes files. */
export class MarkdownWorkers {
  readonly #workers: Worker[] = [];
  readonly #waiting = new Map<
    number,
    { readonly resolve: (content: PageContent) => void; readonly reject: (error: unknown) => void }
  >();
  #asked = 0;

  constructor(count: number) {
    for (let index = 0; index < count; index++) {
      const worker = new Worker(new URL("./markdown-worker.js", import.meta.url));
      worker.on("message", ({ id, content, error }: RenderedPage) => {
        const waiting = this.#waiting.get(id);
        this.#waiting.delete(id);
        if (content !== undefined) waiting?.resolve(content);
        else waiting?.reject(error);
      });
      worker.on("error", (error) => {
        for (const { reject } of this.#waiting.values()) reject(error);
        this.#waiting.clear();
      });
      this.#workers.push(worker);
    }
  }

  render(page: MarkdownPage, file: string): Promise<PageContent> {
    const id = this.#asked++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#workers[id % this.#workers.length]?.postMessage({ id, page, file } satisfies AskedPage);
    });
  }

  async close(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.terminate()));
  }
}

/** A request to a worker. */
export interface AskedPage {
  readonly id: number;
  readonly page: MarkdownPage;
  readonly file: string;
}

/** The answer of a worker. */
export interface RenderedPage {
  readonly id: number;
  readonly content?: PageContent;
  readonly error?: unknown;
}
