import type { JSXNode } from "@miqro/jsx";
import { closeDialog } from "./dialog-frame.js";

/** The props of a form that asks for a path. */
export interface PathFormProps {
  /** The label of the path field. */
  readonly label: string;
  readonly path: string;
  readonly onPath: (path: string) => void;
  /** The label of the submit button. */
  readonly action: string;
  readonly onSubmit: () => void;
  /** Fields before the path field. */
  readonly children?: JSXNode;
}

/** A form with a field for a path, a submit button, and a button that closes the dialog. */
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
