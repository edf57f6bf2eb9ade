import type { Request } from "@miqro/core";
import type { JSXNode } from "@miqro/jsx";
import type { FileProblems } from "../options/file-problems.js";
import { LoadFailure, loadModule } from "../service/load-module.js";
import type { ServiceFile } from "../service/scan-service.js";

/** The props of the layout of Markdown pages. */
export interface LayoutProps {
  /** The `title` of the front matter, or else the first heading, or else the name of the file. */
  readonly title: string;
  /** The `description` of the front matter. */
  readonly description: string | undefined;
  /** The `lang` of the front matter, or `en`. */
  readonly lang: string;
  /** The `date` of the front matter, unchanged. */
  readonly date?: string | undefined;
  /** The page in an `<article>`. */
  readonly children: JSXNode;
  /** The page as HTML, for an element of another kind: `<main innerHTML={html} />`. */
  readonly html: string;
  /** The request that the page answers. */
  readonly req: Request;
}

/** The component around Markdown pages, which `_layout.html.tsx` exports by default. */
export type Layout = (props: LayoutProps) => JSXNode;

/** The longest time to wait for a compiler that is still writing, in milliseconds. */
const compileTimeout = 15_000;

/**
 * Imports a layout.
 * @param problems - the problems of the page that uses the layout
 */
export async function loadLayout(layout: ServiceFile, problems: FileProblems): Promise<Layout | undefined> {
  const { source, file } = layout;
  if (file !== source) {
    const { waitForOutputs } = await import("../build/wait-for-outputs.js");
    const missing = await waitForOutputs([{ source, file }], { timeout: compileTimeout });
    if (missing.length > 0) {
      problems.add(`its layout ${source} is not compiled: there is no ${file}. Run "npx tsc".`);
      return undefined;
    }
  }
  const loaded = await loadModule(layout);
  if (loaded instanceof LoadFailure) {
    problems.add(`its layout ${source} cannot be loaded: ${loaded.message}`, loaded.cause);
    return undefined;
  }
  const { default: component } = loaded;
  const isClass =
    typeof component === "function" && /^class\b/.test(Function.prototype.toString.call(component));
  if (typeof component === "function" && !isClass) return component as Layout;
  problems.add(
    `its layout ${source} has ${isClass ? "a class" : "no component"} as its default export. Write: export default ({ title, children }) => <html>...</html>`,
  );
  return undefined;
}
