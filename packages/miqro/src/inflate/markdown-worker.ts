import { parentPort } from "node:worker_threads";
import { renderPageContent } from "../markdown/render-page.js";
import type { AskedPage, RenderedPage } from "./markdown-workers.js";

// The program of a thread that renders Markdown.
parentPort?.on("message", ({ id, page, file }: AskedPage) => {
  let answer: RenderedPage;
  try {
    answer = { id, content: renderPageContent(page, file) };
  } catch (error) {
    answer = { id, error };
  }
  parentPort?.postMessage(answer);
});
