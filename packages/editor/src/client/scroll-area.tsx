import type { JSXNode } from "@miqro/jsx";

interface ScrollAreaProps {
  readonly label: string;
  readonly class?: string;
  /** A ref that gets the element. */
  readonly element?: { current: HTMLElement | null };
  readonly onScroll?: () => void;
  readonly children?: JSXNode;
}

/** A scroll area that can be scrolled with keys. Not every browser allows this without `tabindex`. */
export function ScrollArea({ label, element, onScroll, children, ...props }: ScrollAreaProps): JSXNode {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: that is what it is for
    <section aria-label={label} tabIndex={0} ref={element} onScroll={onScroll} class={props.class ?? "area"}>
      {children}
    </section>
  );
}
