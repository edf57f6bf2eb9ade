import { type JSXNode, useState } from "@miqro/jsx";
import { closeDialog, DialogFrame } from "./dialog-frame.js";
import { PathForm } from "./path-form.js";
import { tellError } from "./ui.js";
import { move } from "./workspace.js";

/** Renames a file or a folder, or moves it by another path. */
export function RenameDialog({ path }: { readonly path: string }): JSXNode {
  const [to, setTo] = useState(path);
  const rename = (): void => {
    if (to === path) closeDialog();
    else move(path, to).then(closeDialog, tellError);
  };
  return (
    <DialogFrame title="Rename or move">
      <PathForm label={`New path of ${path}`} path={to} onPath={setTo} action="Rename" onSubmit={rename} />
    </DialogFrame>
  );
}
