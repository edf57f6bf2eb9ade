import { readFileSync } from "node:fs";
import { renderToString } from "@miqro/jsx-node";
import type { APIModel } from "../model.js";
import { Page } from "./page.js";
import { style } from "./style.js";

/** The script of the page, as `tsc` compiled it for browsers. */
export function readScript(): string {
  return readFileSync(new URL("./script/page-script.js", import.meta.url), "utf8");
}

/** Writes the document page, with all that it needs in it. */
export function writeHTML(model: APIModel): string {
  const assets = [<style innerHTML={style} />, <script type="module" innerHTML={readScript()} />];
  return render(model, assets);
}

/**
 * Writes the document page without its style sheet and its script, which a policy such as `default-src 'self'` wants
 * in files of their own.
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
