import type { JSXNode } from "@miqro/jsx";
import { useStore } from "./store.js";
import { dismiss, ui } from "./ui.js";

/** Messages that disappear after some time. */
export function ToastList(): JSXNode {
  const { toasts } = useStore(ui);
  return (
    <div class="toasts" role="status">
      {toasts.map(({ id, text, isError, action }) => (
        <p key={id} class={isError ? "toast bad" : "toast"}>
          <span>{text}</span>
          {action !== undefined && (
            <button
              type="button"
              onClick={() => {
                dismiss(id);
                action.run();
              }}
            >
              {action.name}
            </button>
          )}
          <button type="button" class="close" aria-label="Close the message" onClick={() => dismiss(id)}>
            ×
          </button>
        </p>
      ))}
    </div>
  );
}
