import { type JSXNode, useEffect } from "@miqro/jsx";
import { revertActive, saveActive } from "./commands.js";
import { NewFileDialog } from "./new-file-dialog.js";
import { QuickOpen } from "./quick-open.js";
import { RenameDialog } from "./rename-dialog.js";
import { ShortcutsDialog } from "./shortcuts-dialog.js";
import { useStore } from "./store.js";
import { nextTheme, type Panel, tellError, ui } from "./ui.js";

const panels: Readonly<Record<Panel, string>> = {
  preview: "Preview",
  try: "Try",
  routes: "Routes",
  tables: "Tables",
  log: "Log",
};

/** The editor: files, text and preview, side by side. Each part is a custom element, which renders separately. */
export function EditorShell({ project }: { readonly project?: string }): JSXNode {
  const { panel, dialog, theme } = useStore(ui);
  const names = Object.keys(panels) as Panel[];
  const onPanelKey = (event: KeyboardEvent): void => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step === undefined) return;
    const next = names[(names.indexOf(panel) + step + names.length) % names.length] ?? panel;
    ui.set({ panel: next });
    queueMicrotask(() => document.getElementById(`tab-${next}`)?.focus());
  };
  useEffect(() => {
    document.body.dataset.ready = "true";
  }, []);
  return (
    <>
      <header class="top">
        <h1>{project}</h1>
        <button type="button" class="main" title="Ctrl+S" onClick={() => saveActive(false).catch(tellError)}>
          Save
        </button>
        <button type="button" title="Ctrl+Shift+S" onClick={() => saveActive(true).catch(tellError)}>
          Save and reload
        </button>
        <button type="button" title="Alt+R" onClick={() => revertActive().catch(tellError)}>
          Revert
        </button>
        <span class="end" />
        <button type="button" title="Ctrl+P" onClick={() => ui.set({ dialog: { name: "open" } })}>
          Go to file
        </button>
        <button type="button" title="F1" onClick={() => ui.set({ dialog: { name: "shortcuts" } })}>
          Shortcuts
        </button>
        <button type="button" onClick={nextTheme}>
          {`Theme: ${theme}`}
        </button>
      </header>
      <aside class="files" aria-label="Files">
        <editor-files />
      </aside>
      <main class="text">
        <editor-tabs />
        <editor-notice />
        <editor-code />
        <editor-problems />
      </main>
      <section class="side" aria-label="The app">
        <div class="panels" role="tablist" aria-label="Panels" onKeyDown={onPanelKey}>
          {names.map((name) => (
            <button
              type="button"
              key={name}
              id={`tab-${name}`}
              role="tab"
              aria-selected={name === panel}
              tabIndex={name === panel ? 0 : -1}
              aria-controls={`panel-${name}`}
              onClick={() => ui.set({ panel: name })}
            >
              {panels[name]}
            </button>
          ))}
        </div>
        {/* The preview stays in the page while another panel is shown, so that it does not load again. */}
        <div
          class="fill"
          id="panel-preview"
          role="tabpanel"
          aria-labelledby="tab-preview"
          hidden={panel !== "preview"}
        >
          <editor-preview />
        </div>
        {names
          .filter((name) => name !== "preview")
          .map((name) => (
            <div
              class="fill"
              key={name}
              id={`panel-${name}`}
              role="tabpanel"
              aria-labelledby={`tab-${name}`}
              hidden={name !== panel}
            >
              {name === panel && <PanelContent name={name} />}
            </div>
          ))}
      </section>
      <editor-status />
      <editor-toasts />
      {dialog?.name === "open" && <QuickOpen />}
      {dialog?.name === "new" && <NewFileDialog />}
      {dialog?.name === "rename" && <RenameDialog path={dialog.path} />}
      {dialog?.name === "shortcuts" && <ShortcutsDialog />}
    </>
  );
}

function PanelContent({ name }: { readonly name: Panel }): JSXNode {
  if (name === "try") return <editor-try />;
  if (name === "routes") return <editor-routes />;
  return name === "tables" ? <editor-tables /> : <editor-log />;
}
