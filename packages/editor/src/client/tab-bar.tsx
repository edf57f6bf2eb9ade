import { type JSXNode, useElement, useLayoutEffect } from "@miqro/jsx";
import { useStore } from "./store.js";
import { tellError } from "./ui.js";
import { close, open, tabs } from "./workspace.js";

/** The tabs of the open files. */
export function TabBar(): JSXNode {
  const { files, active } = useStore(tabs);
  const element = useElement<HTMLElement>();
  useLayoutEffect(() => element?.querySelector(".active")?.scrollIntoView({ block: "nearest" }), [active]);
  return (
    <nav class="tabs" aria-label="Open files">
      {files.map(({ path, isDirty, conflict }) => (
        <span key={path} class={`tab${path === active ? " active" : ""}`}>
          <button
            type="button"
            aria-current={path === active ? "true" : undefined}
            title={path}
            onClick={() => open(path).catch(tellError)}
          >
            {path.split("/").at(-1)}
            {isDirty && <span class="dirty" role="img" aria-label={conflict ? "in conflict" : "not saved"} />}
          </button>
          <button type="button" class="close" aria-label={`Close ${path}`} onClick={() => close(path)}>
            ×
          </button>
        </span>
      ))}
    </nav>
  );
}
