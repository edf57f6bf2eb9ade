import { existsSync } from "node:fs";
import { dirname, join } from "node:path";

const extensions = [".tsx", ".ts", ".jsx", ".js", ".mts", ".mjs"];

/**
 * Finds the layout of a Markdown file: `_NAME.html.tsx` in its folder, or in the nearest folder above, up to `http/`.
 * @param depth - the number of folders between the file's folder and `http/`
 * @returns the source; undefined if there is no layout
 */
export function findLayout(file: string, depth: number, name: string): string | undefined {
  let folder = dirname(file);
  for (let above = 0; above <= depth; above++, folder = dirname(folder)) {
    for (const extension of extensions) {
      const path = join(folder, `_${name}.html${extension}`);
      if (existsSync(path)) return path;
    }
  }
  return undefined;
}
