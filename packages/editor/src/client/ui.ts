import { Store } from "./store.js";

export type Panel = "preview" | "try" | "routes" | "tables" | "log";
export type Dialog =
  | { readonly name: "open" | "new" | "shortcuts" }
  | { readonly name: "rename"; readonly path: string };

/** A message that disappears after some time. It may have a button for an action. */
export interface Toast {
  readonly id: number;
  readonly text: string;
  readonly isError?: true;
  readonly action?: { readonly name: string; run(): void };
}

const themes = ["auto", "light", "dark"] as const;

/** Which panels and dialogs are visible. */
export const ui = new Store<{
  readonly panel: Panel;
  readonly dialog: Dialog | undefined;
  readonly toasts: readonly Toast[];
  readonly theme: "auto" | "light" | "dark";
}>({ panel: "preview", dialog: undefined, toasts: [], theme: readTheme() });

let toasts = 0;

/** Shows a message for some seconds. */
export function tell(text: string, more: Omit<Toast, "id" | "text"> = {}): void {
  const id = ++toasts;
  ui.set({ toasts: [...ui.value.toasts.slice(-2), { id, text, ...more }] });
  setTimeout(() => dismiss(id), more.action === undefined ? 6000 : 15_000);
}

/** Shows the message of an error. */
export function tellError(error: unknown): void {
  tell(error instanceof Error ? error.message : String(error), { isError: true });
}

export function dismiss(id: number): void {
  ui.set({ toasts: ui.value.toasts.filter((toast) => toast.id !== id) });
}

export function nextTheme(): void {
  const theme = themes[(themes.indexOf(ui.value.theme) + 1) % themes.length] ?? "auto";
  localStorage.setItem("miqro-theme", theme);
  ui.set({ theme });
  applyTheme();
}

export function applyTheme(): void {
  const { theme } = ui.value;
  document.documentElement.style.colorScheme = theme === "auto" ? "light dark" : theme;
}

function readTheme(): (typeof themes)[number] {
  const kept = localStorage.getItem("miqro-theme");
  return themes.find((theme) => theme === kept) ?? "auto";
}
