import type { JSXNode } from "@miqro/jsx";

interface ScrollAreaProps {
  readonly label: string;
  readonly class?: string;
  /** Is given the element. */
  readonly element?: { current: HTMLElement | null };
  readonly onScroll?: () => void;
  readonly children?: JSXNode;
}

/** What is longer than its place, and can be scrolled with keys: not every browser lets its reader do so by itself. */
export function ScrollArea({ label, element, onScroll, children, ...props }: ScrollAreaProps): JSXNode {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: that is what it is for
    <section aria-label={label} tabIndex={0} ref={element} onScroll={onScroll} class={props.class ?? "area"}>
      {children}
    </section>
  );
}
