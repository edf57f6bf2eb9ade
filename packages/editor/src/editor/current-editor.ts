import type { Editor } from "./editor.js";

let current: Editor | undefined;

/** Gives the service its editor: miqro loads the files of a service, so no argument can reach them. */
export function setCurrentEditor(editor: Editor | undefined): void {
  current = editor;
}

/** The editor that the service serves. */
export function currentEditor(): Editor {
  if (current === undefined) throw new Error("The service of the editor is started by startEditor.");
  return current;
}
