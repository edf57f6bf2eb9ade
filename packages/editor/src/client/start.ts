import { define } from "@miqro/jsx-dom";
import { post } from "./api.js";
import { loadAppInfo } from "./app-info.js";
import { CodeView } from "./code-view.js";
import { onKey } from "./commands.js";
import { setProject } from "./drafts.js";
import { EditorShell } from "./editor-shell.js";
import { FileNotice } from "./file-notice.js";
import { FileTree } from "./file-tree.js";
import { connect, live } from "./live.js";
import { LogPanel } from "./log-panel.js";
import { PreviewPanel } from "./preview-panel.js";
import { ProblemList } from "./problem-list.js";
import { RoutesPanel } from "./routes-panel.js";
import { StatusBar } from "./status-bar.js";
import { TabBar } from "./tab-bar.js";
import { TablesPanel } from "./tables-panel.js";
import { ToastList } from "./toast-list.js";
import { TryPanel } from "./try-panel.js";
import { applyTheme, tellError } from "./ui.js";
import { keepAll, loadTree, lookAgain, reopen } from "./workspace.js";

/** Starts the editor in the page. */
export function start(): void {
  // Removes the key from the URL, so that it is not stored in the history.
  history.replaceState(null, "", location.pathname);
  setProject(document.querySelector("miqro-editor")?.getAttribute("project-id") ?? "");
  applyTheme();
  const plain = { shadowInit: false } as const;
  define("editor-files", FileTree, plain);
  define("editor-tabs", TabBar, plain);
  define("editor-notice", FileNotice, plain);
  define("editor-code", CodeView, plain);
  define("editor-problems", ProblemList, plain);
  define("editor-preview", PreviewPanel, plain);
  define("editor-try", TryPanel, plain);
  define("editor-routes", RoutesPanel, plain);
  define("editor-tables", TablesPanel, plain);
  define("editor-log", LogPanel, plain);
  define("editor-status", StatusBar, plain);
  define("editor-toasts", ToastList, plain);
  define("miqro-editor", EditorShell, { ...plain, observedAttributes: ["project"] });

  addEventListener("keydown", onKey);
  addEventListener("pagehide", keepAll);
  addEventListener("focus", () => {
    void loadTree().catch(tellError);
    void lookAgain().catch(tellError);
  });
  let version = 0;
  live.subscribe(() => {
    const { app } = live.value.status;
    if (app.version === version) return;
    version = app.version;
    void loadAppInfo();
    void loadTree().catch(tellError);
    void lookAgain().catch(tellError);
  });
  connect();
  void loadTree().then(reopen).catch(tellError);
  void post("check").catch(tellError);
}
