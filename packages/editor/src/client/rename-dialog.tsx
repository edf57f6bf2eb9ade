import { type JSXNode, useState } from "@miqro/jsx";
import { closeDialog, DialogFrame } from "./dialog-frame.js";
import { PathForm } from "./path-form.js";
import { tellError } from "./ui.js";
import { move } from "./workspace.js";

/** A dialog that renames a file or a folder. With another folder in the path, it moves the entry. */
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
