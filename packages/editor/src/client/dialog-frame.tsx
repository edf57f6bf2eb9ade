import { type JSXNode, useEffect, useRef } from "@miqro/jsx";
import { ui } from "./ui.js";

/** A dialog over the page. Escape closes it and moves the focus back to the previous element. */
export function DialogFrame({
  title,
  children,
}: {
  readonly title: string;
  readonly children?: JSXNode;
}): JSXNode {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const { current } = dialog;
    if (current === null) return undefined;
    current.showModal();
    current.querySelector<HTMLElement>("input, select, button")?.focus();
    return () => current.close();
  }, []);
  return (
    <dialog ref={dialog} aria-label={title} onCancel={closeDialog}>
      <h2>{title}</h2>
      {children}
    </dialog>
  );
}

export function closeDialog(): void {
  ui.set({ dialog: undefined });
}
