import type { Editor } from "./editor.js";

let current: Editor | undefined;

/**
 * Sets the editor that the service uses. A module variable is needed, because miqro loads the files of a service
 * without arguments.
 */
export function setCurrentEditor(editor: Editor | undefined): void {
  current = editor;
}

/** Returns the editor that the service uses. */
export function currentEditor(): Editor {
  if (current === undefined) throw new Error("The service of the editor has no editor; call startEditor.");
  return current;
}
