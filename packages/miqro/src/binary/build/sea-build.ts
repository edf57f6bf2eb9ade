import { createRequire } from "node:module";

/** The tools and the parts of an executable. */
export interface SeaBuild {
  /** The text in a node that says whether it carries a program. */
  readonly fuse: string;
  /**
   * Finds what writes executables: nothing besides Node.js where that does it itself.
   * @throws {Error} with a sentence for a person when it is missing
   */
  findTool(): { readonly postject?: string };
  /**
   * Makes an executable.
   * @param folder - the folder of main.cjs and pack; files that are written on the way stay there
   * @param node - the node that becomes the executable
   * @param out - the file, which is replaced in one step
   * @throws {Error} with a sentence for a person
   */
  build(folder: string, node: string, out: string): void;
}

/** The script that makes executables, which also runs without miqro. */
export const seaBuild: SeaBuild = createRequire(import.meta.url)("../sea-build.cjs");
