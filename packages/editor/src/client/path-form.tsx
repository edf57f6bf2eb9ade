import type { JSXNode } from "@miqro/jsx";
import { closeDialog } from "./dialog-frame.js";

/** The props of a form that asks for a path. */
export interface PathFormProps {
  /** The label of the path. */
  readonly label: string;
  readonly path: string;
  readonly onPath: (path: string) => void;
  /** The text of the button that does it. */
  readonly action: string;
  readonly onSubmit: () => void;
  /** Fields before the path. */
  readonly children?: JSXNode;
}

/** A form with a path, a button that does something with it, and one that closes the dialog. */
export function PathForm({ label, path, onPath, action, onSubmit, children }: PathFormProps): JSXNode {
  const submit = (event: Event): void => {
    event.preventDefault();
    onSubmit();
  };
  return (
    <form onSubmit={submit}>
      {children}
      <label>
        {label}
        <input
          required
          value={path}
          spellcheck={false}
          autocomplete="off"
          onInput={(event: Event) => onPath((event.target as HTMLInputElement).value)}
        />
      </label>
      <p class="buttons">
        <button type="submit" class="main">
          {action}
        </button>
        <button type="button" onClick={closeDialog}>
          Cancel
        </button>
      </p>
    </form>
  );
}
