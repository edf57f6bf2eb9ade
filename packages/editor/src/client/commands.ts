import { post } from "./api.js";
import { live } from "./live.js";
import { preview } from "./preview.js";
import { tell, tellError, ui } from "./ui.js";
import { activeFile, close, open, save, tabs, takeTheirs } from "./workspace.js";

/** An action of a shortcut or a button. */
export interface Command {
  readonly name: string;
  /** The `event.code` with its modifiers. `Mod` is Ctrl, or Cmd on a Mac. */
  readonly key: string;
  run(): unknown;
}

/** All commands of the editor that have a shortcut. CodeMirror has its own shortcuts for editing text. */
export const commands: readonly Command[] = [
  { name: "Save", key: "Mod+KeyS", run: () => saveActive(false) },
  { name: "Save and reload the app", key: "Mod+Shift+KeyS", run: () => saveActive(true) },
  { name: "Go to a file", key: "Mod+KeyP", run: () => ui.set({ dialog: { name: "open" } }) },
  { name: "New file", key: "Alt+KeyN", run: () => ui.set({ dialog: { name: "new" } }) },
  { name: "Close the tab", key: "Alt+KeyW", run: closeActive },
  { name: "Next tab", key: "Alt+PageDown", run: () => step(1) },
  { name: "Previous tab", key: "Alt+PageUp", run: () => step(-1) },
  { name: "Revert to the file on the disk", key: "Alt+KeyR", run: revertActive },
  { name: "Next error", key: "F8", run: nextProblem },
  { name: "Preview", key: "Alt+Digit1", run: () => ui.set({ panel: "preview" }) },
  { name: "Try an API", key: "Alt+Digit2", run: () => ui.set({ panel: "try" }) },
  { name: "Routes", key: "Alt+Digit3", run: () => ui.set({ panel: "routes" }) },
  { name: "Tables", key: "Alt+Digit4", run: () => ui.set({ panel: "tables" }) },
  { name: "Log", key: "Alt+Digit5", run: () => ui.set({ panel: "log" }) },
  { name: "A key for another browser", key: "Alt+KeyK", run: makeKey },
  { name: "These shortcuts", key: "F1", run: () => ui.set({ dialog: { name: "shortcuts" } }) },
];

const isMac = /Mac|iPhone|iPad/.test(navigator.platform);

/** A shortcut in the form in which it is shown. */
export function keyText(key: string): string {
  return key
    .replace("Mod", isMac ? "Cmd" : "Ctrl")
    .replace(/Key|Digit/, "")
    .replace("Page", "Page ");
}

/** Runs the command of a shortcut. The focus may be anywhere in the page. */
export function onKey(event: KeyboardEvent): void {
  const mod = isMac ? event.metaKey : event.ctrlKey;
  const pressed = [mod && "Mod", event.altKey && "Alt", event.shiftKey && "Shift", event.code]
    .filter(Boolean)
    .join("+");
  const command = commands.find(({ key }) => key === pressed);
  if (command === undefined || (isMac ? event.ctrlKey : event.metaKey)) return;
  event.preventDefault();
  void Promise.resolve(command.run()).catch(tellError);
}

/**
 * Saves the active tab. With `reload`, also replaces the app at once. Otherwise miqro replaces the app when it detects
 * the change.
 */
export async function saveActive(reload: boolean): Promise<void> {
  const file = activeFile();
  if (file === undefined || file.kind !== "text" || file.isCopy === true) return;
  if (!(await save(file.path))) return;
  if (reload) {
    await post("reload");
    preview.set({ loads: preview.value.loads + 1 });
  } else if (!/\.[mc]?[jt]sx?$/.test(file.path)) preview.set({ loads: preview.value.loads + 1 });
}

export async function revertActive(): Promise<void> {
  const file = activeFile();
  if (file === undefined || file.kind !== "text" || file.isCopy === true) return;
  await takeTheirs(file.path);
  tell(`${file.path} now has the text from the disk. Undo restores your text.`);
}

function closeActive(): void {
  if (tabs.value.active !== undefined) close(tabs.value.active);
}

function step(by: number): void {
  const { files, active } = tabs.value;
  const at = files.findIndex(({ path }) => path === active);
  const next = files[(at + by + files.length) % files.length];
  if (next !== undefined) void open(next.path).catch(tellError);
}

let problem = -1;

function nextProblem(): void {
  const found = live.value.status.problems.filter(({ path }) => path !== undefined);
  problem = (problem + 1) % Math.max(1, found.length);
  const { path, line = 1, column } = found[problem] ?? {};
  if (path === undefined) tell("There are no errors.");
  else void open(path, { line, column }).catch(tellError);
}

async function makeKey(): Promise<void> {
  const { key } = await post<{ key: string }>("key");
  tell(`Open this in another browser, once: ${location.origin}/?key=${key}`);
}
