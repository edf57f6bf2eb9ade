import type { JSXNode } from "@miqro/jsx";
import { useStore } from "./store.js";
import { tellError } from "./ui.js";
import { activeFile, close, keepMine, showTheirs, tabs, takeTheirs } from "./workspace.js";

/** Shows a notice about the active file, such as a conflict or a reason why it has no text. */
export function FileNotice(): JSXNode {
  useStore(tabs);
  const file = activeFile();
  if (file === undefined) {
    return (
      <div class="empty">
        <p>No file is open.</p>
        <p>
          Choose one on the left, or press <kbd>Ctrl</kbd> <kbd>P</kbd>. <kbd>F1</kbd> lists all shortcuts.
        </p>
      </div>
    );
  }
  const { path, kind, size, conflict } = file;
  if (kind !== "text") {
    const what = kind === "large" ? "larger than 2 MB" : "not text";
    return (
      <div class="empty">
        <p>
          <b>{path}</b> has {sizeText(size)} and is {what}.
        </p>
      </div>
    );
  }
  if (conflict === undefined) return null;
  const isGone = conflict.etag === null;
  return (
    <div class="notice" role="alert">
      <p>
        {isGone
          ? "This file was removed or renamed. Your text is still here."
          : "Another program changed this file after you opened it. Nothing was overwritten."}
      </p>
      <button type="button" onClick={() => keepMine(path).catch(tellError)}>
        {isGone ? "Save it again" : "Keep mine"}
      </button>
      {isGone ? (
        <button type="button" onClick={() => close(path)}>
          Close
        </button>
      ) : (
        <>
          <button type="button" onClick={() => takeTheirs(path).catch(tellError)}>
            Take theirs
          </button>
          <button type="button" onClick={() => showTheirs(path)}>
            Show theirs
          </button>
        </>
      )}
    </div>
  );
}

function sizeText(size: number): string {
  if (size < 10_000) return `${size} bytes`;
  return size < 10_000_000 ? `${Math.round(size / 1000)} kB` : `${Math.round(size / 1_000_000)} MB`;
}
