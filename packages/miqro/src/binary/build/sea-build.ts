import { createRequire } from "node:module";

/** The tools and the parts of an executable. */
export interface SEABuild {
  /** The string in a node that shows whether it carries a program. */
  readonly fuse: string;
  /**
   * Finds the tool that writes executables. Nothing besides Node.js is needed if it can do this itself.
   * @throws {Error} if the tool is missing; the message is written for a person
   */
  findTool(): { readonly postject?: string };
  /**
   * Makes an executable.
   * @param folder - the folder of main.cjs and pack; temporary files are written there, and stay
   * @param node - the node that becomes the executable
   * @param out - the file, which is replaced in one step
   * @throws {Error} with a message that is written for a person
   */
  build(folder: string, node: string, out: string): void;
}

/** The script that makes executables, which also runs without miqro. */
export const seaBuild: SEABuild = createRequire(import.meta.url)("../sea-build.cjs");
