import { readFileSync } from "node:fs";
import { renderToString } from "@miqro/jsx-node";
import type { APIModel } from "../model.js";
import { Page } from "./page.js";
import { style } from "./style.js";

/** The script of the page, compiled for browsers. */
export function readScript(): string {
  return readFileSync(new URL("./script/page-script.js", import.meta.url), "utf8");
}

/** Writes the document page with its style sheet and its script inside. */
export function writeHTML(model: APIModel): string {
  const assets = [<style innerHTML={style} />, <script type="module" innerHTML={readScript()} />];
  return render(model, assets);
}

/**
 * Writes the document page with links to its style sheet and its script. A policy such as `default-src 'self'` needs
 * them in separate files.
 * @param base - the URL of these files, to which `.css` and `.js` are added
 */
export function writeLinkedHTML(model: APIModel, base: string): string {
  return render(model, [
    <link rel="stylesheet" href={`${base}.css`} />,
    <script type="module" src={`${base}.js`} />,
  ]);
}

function render(model: APIModel, assets: Parameters<typeof Page>[0]["assets"]): string {
  return `<!DOCTYPE html>${renderToString(<Page model={model} assets={assets} />)}\n`;
}
