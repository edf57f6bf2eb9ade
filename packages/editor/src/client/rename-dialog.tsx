import { type JSXNode, useState } from "@miqro/jsx";
import { closeDialog, DialogFrame } from "./dialog-frame.js";
import { tellError } from "./ui.js";
import { move } from "./workspace.js";

/** Renames a file or a folder, or moves it by another path. */
export function RenameDialog({ path }: { readonly path: string }): JSXNode {
  const [to, setTo] = useState(path);
  const onSubmit = (event: Event): void => {
    event.preventDefault();
    if (to === path) closeDialog();
    else move(path, to).then(closeDialog, tellError);
  };
  return (
    <DialogFrame title="Rename or move">
      <form onSubmit={onSubmit}>
        <label>
          New path of {path}
          <input
            required
            value={to}
            spellcheck={false}
            autocomplete="off"
            onInput={(event: Event) => setTo((event.target as HTMLInputElement).value)}
          />
        </label>
        <p class="buttons">
          <button type="submit" class="main">
            Rename
          </button>
          <button type="button" onClick={closeDialog}>
            Cancel
          </button>
        </p>
      </form>
    </DialogFrame>
  );
}
