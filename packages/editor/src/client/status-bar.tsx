import type { JSXNode } from "@miqro/jsx";
import type { EditorStatus } from "../editor/status.js";
import { live } from "./live.js";
import { useStore } from "./store.js";
import { activeFile, tabs } from "./workspace.js";

/** A line with the state of the app and the result of the last save. */
export function StatusBar(): JSXNode {
  const { isConnected, status } = useStore(live);
  useStore(tabs);
  const file = activeFile();
  const isStale = file?.isDirty === true && file.path === status.save?.path;
  return (
    <footer class="status">
      <span role="status" class={isConnected ? status.app.state : "failed"}>
        {isConnected ? appText(status) : "The server of the editor does not respond. Your text is kept."}
      </span>
      <span role="status">{isStale ? "" : saveText(status)}</span>
      {status.checking && <span>tsc looks for errors ...</span>}
      <span class="end">{file?.isDirty === true ? `${file.path} is not saved` : (file?.path ?? "")}</span>
    </footer>
  );
}

function appText({ app }: EditorStatus): string {
  if (app.state === "starting") return "The app starts ...";
  if (app.state === "running") return `The app runs on ${app.url}`;
  return app.serving === true
    ? "The new version does not start; the old version continues to serve"
    : (app.title ?? "The app failed");
}

function saveText({ save }: EditorStatus): string {
  if (save === undefined) return "";
  const texts: Readonly<Record<typeof save.state, string>> = {
    saved: `${save.path} is saved`,
    waiting: `${save.path} is saved; waiting for tsc to write its output ...`,
    compiled: `${save.path} is saved, and tsc has written its output`,
    late: `${save.path} is saved, but tsc wrote no output: is "tsc --watch" running without errors?`,
  };
  return texts[save.state];
}
