import JSX from "@miqro/jsx";

interface FieldProps {
  name: string;
  label: string;
  hint: string;
  /** What is wrong with the value that was sent. */
  error?: string | undefined;
  tag?: "input" | "textarea";
  [attribute: string]: unknown;
}

/** A control with its label, its hint and, when what was sent is wrong, the reason. */
export function Field({ name, label, hint, error, tag: Tag = "input", ...attributes }: FieldProps) {
  return (
    <div class="field">
      <label for={name}>{label}</label>
      <Tag
        id={name}
        name={name}
        required
        aria-describedby={`${name}-error ${name}-hint`}
        aria-invalid={error && "true"}
        {...attributes}
        autofocus={Boolean(attributes.autofocus || error)}
      />
      <p id={`${name}-error`} class="error">
        {error}
      </p>
      <p id={`${name}-hint`} class="hint">
        {hint}
      </p>
    </div>
  );
}
