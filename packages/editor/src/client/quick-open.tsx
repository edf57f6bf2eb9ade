import { type JSXNode, useState } from "@miqro/jsx";
import { closeDialog, DialogFrame } from "./dialog-frame.js";
import { rankPaths } from "./rank-paths.js";
import { useStore } from "./store.js";
import { tellError } from "./ui.js";
import { open, tree } from "./workspace.js";

/** A dialog that opens a file after the user has typed some letters of its path. */
export function QuickOpen(): JSXNode {
  const { entries } = useStore(tree);
  const [typed, setTyped] = useState("");
  const [at, setAt] = useState(0);
  const paths = entries
    .filter((one) => one.folder !== true && one.locked === undefined)
    .map(({ path }) => path);
  const found = rankPaths(paths, typed).slice(0, 12);
  const go = (path: string | undefined): void => {
    if (path === undefined) return;
    closeDialog();
    void open(path).catch(tellError);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) setAt((at + step + found.length) % Math.max(1, found.length));
    else if (event.key === "Enter") go(found[at]);
    else return;
    event.preventDefault();
  };
  return (
    <DialogFrame title="Go to a file">
      <input
        role="combobox"
        aria-label="Part of the path"
        aria-expanded={true}
        aria-controls="quick-open-list"
        aria-activedescendant={found.length === 0 ? undefined : `quick-open-${at}`}
        autocomplete="off"
        spellcheck={false}
        value={typed}
        onInput={(event: Event) => {
          setTyped((event.target as HTMLInputElement).value);
          setAt(0);
        }}
        onKeyDown={onKeyDown}
      />
      <div id="quick-open-list" role="listbox" aria-label="Files" class="choices">
        {found.map((path, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the field above hears the keys, and keeps the focus
          // biome-ignore lint/a11y/useFocusableInteractive: the field says which one is active
          <div
            key={path}
            id={`quick-open-${index}`}
            role="option"
            aria-selected={index === at}
            onClick={() => go(path)}
          >
            {path}
          </div>
        ))}
      </div>
      {found.length === 0 && <p class="hint">No file fits.</p>}
    </DialogFrame>
  );
}
