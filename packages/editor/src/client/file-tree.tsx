import { type JSXNode, useEffect, useElement, useState } from "@miqro/jsx";
import type { TreeEntry } from "../files/project-tree.js";
import { useStore } from "./store.js";
import { tellError, ui } from "./ui.js";
import { open, remove, tabs, tree } from "./workspace.js";

interface Row extends TreeEntry {
  readonly name: string;
  readonly level: number;
}

const locks = {
  hidden: "",
  secret: "keys",
  database: "database",
  outside: "is outside of the project",
} as const;

/** The files of the project. */
export function FileTree(): JSXNode {
  const { entries, isCut, isLoaded } = useStore(tree);
  const { active } = useStore(tabs);
  const [expanded, setExpanded] = useState<ReadonlySet<string>>(new Set());
  const [chosen, setChosen] = useState<string | undefined>(undefined);
  const element = useElement<HTMLElement>();
  const rows = toRows(entries, expanded);
  const current = chosen ?? active;
  const focusable = rows.some(({ path }) => path === current) ? current : rows[0]?.path;

  // Selects the file of the active tab in the tree.
  useEffect(() => {
    if (active === undefined) return;
    setChosen(active);
    const above = active.split("/").slice(0, -1);
    setExpanded((before) => new Set([...before, ...above.map((_, at) => above.slice(0, at + 1).join("/"))]));
  }, [active]);

  const toggle = (path: string, isOpen: boolean): void => {
    const next = new Set(expanded);
    if (isOpen) next.add(path);
    else next.delete(path);
    setExpanded(next);
  };
  const activate = ({ path, folder, locked }: Row): void => {
    setChosen(path);
    if (locked !== undefined) return;
    if (folder === true) toggle(path, !expanded.has(path));
    else void open(path).catch(tellError);
  };
  const focus = (path: string | undefined): void => {
    if (path === undefined) return;
    setChosen(path);
    queueMicrotask(() => element?.querySelector<HTMLElement>(`[data-path="${CSS.escape(path)}"]`)?.focus());
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const at = rows.findIndex(({ path }) => path === focusable);
    const row = rows[at];
    if (row === undefined || event.ctrlKey || event.altKey || event.metaKey) return;
    const moves: Readonly<Record<string, () => void>> = {
      ArrowDown: () => focus(rows[at + 1]?.path),
      ArrowUp: () => focus(rows[at - 1]?.path),
      Home: () => focus(rows[0]?.path),
      End: () => focus(rows.at(-1)?.path),
      ArrowRight: () =>
        row.folder && !expanded.has(row.path) ? toggle(row.path, true) : focus(rows[at + 1]?.path),
      ArrowLeft: () =>
        row.folder && expanded.has(row.path)
          ? toggle(row.path, false)
          : focus(parentOf(row.path) || undefined),
      Enter: () => activate(row),
      " ": () => activate(row),
      F2: () => ui.set({ dialog: { name: "rename", path: row.path } }),
      Delete: () => void remove(row.path).catch(tellError),
    };
    const move = moves[event.key];
    if (move === undefined) return;
    event.preventDefault();
    move();
  };

  return (
    <>
      <div class="bar">
        <button type="button" onClick={() => ui.set({ dialog: { name: "new" } })}>
          New
        </button>
        <button
          type="button"
          disabled={current === undefined}
          onClick={() => current !== undefined && ui.set({ dialog: { name: "rename", path: current } })}
        >
          Rename
        </button>
        <button
          type="button"
          disabled={current === undefined}
          onClick={() => current !== undefined && remove(current).catch(tellError)}
        >
          Remove
        </button>
      </div>
      {isCut && <p class="hint">Only the first 20,000 files are listed.</p>}
      {isLoaded && entries.length === 0 && <p class="hint">The project is empty.</p>}
      <div class="tree" role="tree" aria-label="Files of the project" onKeyDown={onKeyDown}>
        {rows.map((row) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the tree hears the keys of all its items
          <div
            key={row.path}
            role="treeitem"
            aria-level={row.level}
            aria-selected={row.path === current}
            aria-expanded={row.folder && row.locked === undefined ? expanded.has(row.path) : undefined}
            aria-disabled={row.locked === undefined ? undefined : true}
            tabIndex={row.path === focusable ? 0 : -1}
            data-path={row.path}
            title={row.locked === undefined ? row.path : `${row.path}: not shown (${locks[row.locked]})`}
            style={{ paddingLeft: `${row.level * 14 - 6}px` }}
            class={`${row.folder ? "folder" : "file"}${row.locked === undefined ? "" : " locked"}`}
            onClick={() => activate(row)}
            onFocus={() => setChosen(row.path)}
          >
            {row.name}
          </div>
        ))}
      </div>
    </>
  );
}

/** Returns the visible entries: those that are not inside of a closed folder. Folders come first. */
function toRows(entries: readonly TreeEntry[], expanded: ReadonlySet<string>): Row[] {
  const children = new Map<string, TreeEntry[]>();
  for (const entry of entries) {
    const parent = parentOf(entry.path);
    const list = children.get(parent);
    if (list === undefined) children.set(parent, [entry]);
    else list.push(entry);
  }
  const rows: Row[] = [];
  const walk = (parent: string, level: number): void => {
    for (const entry of (children.get(parent) ?? []).sort(compare)) {
      rows.push({ ...entry, name: entry.path.slice(parent === "" ? 0 : parent.length + 1), level });
      if (entry.folder === true && expanded.has(entry.path)) walk(entry.path, level + 1);
    }
  };
  walk("", 1);
  return rows;
}

const byName = new Intl.Collator("en", { numeric: true }).compare;

function compare(a: TreeEntry, b: TreeEntry): number {
  return Number(b.folder === true) - Number(a.folder === true) || byName(a.path, b.path);
}

function parentOf(path: string): string {
  const at = path.lastIndexOf("/");
  return at < 0 ? "" : path.slice(0, at);
}
