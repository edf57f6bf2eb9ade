import type { Editor } from "./editor.js";

let current: Editor | undefined;

/** Gives the service its editor: the files of a service are loaded by miqro, and nobody can hand them anything. */
export function setCurrentEditor(editor: Editor | undefined): void {
  current = editor;
}

/** The editor that the service serves. */
export function currentEditor(): Editor {
  if (current === undefined) throw new Error("The service of the editor is started by startEditor.");
  return current;
}
