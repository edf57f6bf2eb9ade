import { createRequire } from "node:module";

/** What makes an executable, and of what. */
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
   * @param folder - where main.cjs and pack are; what is written on the way stays there
   * @param node - the node that becomes the executable
   * @param out - the file, which is replaced in one step
   * @throws {Error} with a sentence for a person
   */
  build(folder: string, node: string, out: string): void;
}

/** The script that makes executables, which also runs without miqro. */
export const seaBuild: SeaBuild = createRequire(import.meta.url)("../sea-build.cjs");
