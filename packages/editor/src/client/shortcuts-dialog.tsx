import type { JSXNode } from "@miqro/jsx";
import { commands, keyText } from "./commands.js";
import { closeDialog, DialogFrame } from "./dialog-frame.js";

const inText: readonly (readonly [key: string, name: string])[] = [
  ["Mod+F", "Search and replace"],
  ["Mod+Z", "Undo"],
  ["Mod+Space", "Complete"],
  ["Mod+/", "Comment or uncomment a line"],
  ["Mod+[ or ]", "Indent less, or more"],
  ["Escape, Tab", "Leave the text with the Tab key"],
];
const inTree: readonly (readonly [key: string, name: string])[] = [
  ["Enter", "Open"],
  ["F2", "Rename or move"],
  ["Delete", "Remove"],
];

/** A dialog with all shortcuts. */
export function ShortcutsDialog(): JSXNode {
  const own = commands.map(({ key, name }) => [key, name] as const);
  return (
    <DialogFrame title="Keyboard shortcuts">
      <div class="columns">
        <Shortcuts title="Everywhere" rows={own} />
        <div>
          <Shortcuts title="In a text" rows={inText} />
          <Shortcuts title="In the list of files" rows={inTree} />
        </div>
      </div>
      <p class="buttons">
        <button type="button" onClick={closeDialog}>
          Close
        </button>
      </p>
    </DialogFrame>
  );
}

function Shortcuts({
  title,
  rows,
}: {
  readonly title: string;
  readonly rows: readonly (readonly [key: string, name: string])[];
}): JSXNode {
  return (
    <section>
      <h3>{title}</h3>
      <dl class="shortcuts">
        {rows.map(([key, name]) => (
          <div key={key}>
            <dt>
              <kbd>{keyText(key)}</kbd>
            </dt>
            <dd>{name}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
