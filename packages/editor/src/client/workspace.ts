import type { ProjectTree, TreeEntry } from "../files/project-tree.js";
import type { FileContent } from "../files/read-file.js";
import { APIError, get, post } from "./api.js";
import { createCodeState } from "./code-state.js";
import { type EditorState, isolateHistory, type Text } from "./codemirror.js";
import { dropDraft, keepDraft, keepTabs, readDraft, readTabs } from "./drafts.js";
import { Store } from "./store.js";
import { tell, tellError } from "./ui.js";

/** An open file. */
export interface OpenFile {
  readonly path: string;
  readonly kind: FileContent["kind"];
  readonly size: number;
  /** The etag of the file content that the text is based on; null if the file does not exist. */
  readonly etag: string | null;
  readonly isDirty: boolean;
  /** Set if the file was changed on the disk after the editor read it. */
  readonly conflict?: { readonly etag: string | null; readonly text: string };
  /** Set for a read-only copy that shows the text of another program. */
  readonly isCopy?: true;
}

/** The position to show in the text after the text is loaded. */
export interface Place {
  readonly path: string;
  readonly line: number;
  readonly column?: number | undefined;
}

/** The files of the project. */
export const tree = new Store<{
  readonly entries: readonly TreeEntry[];
  readonly isCut: boolean;
  readonly isLoaded: boolean;
}>({ entries: [], isCut: false, isLoaded: false });

/** The files that are open. */
export const tabs = new Store<{
  readonly files: readonly OpenFile[];
  readonly active: string | undefined;
  readonly place: Place | undefined;
  /** The number of times that code outside of the view has replaced a text. */
  readonly loads: number;
}>({ files: [], active: undefined, place: undefined, loads: 0 });

// The texts are not part of the rendered state, because they are large and change with every key.
const states = new Map<string, EditorState>();
const savedTexts = new Map<string, Text>();
const unkept = new Map<string, ReturnType<typeof setTimeout>>();

export function stateOf(path: string): EditorState | undefined {
  return states.get(path);
}

/** Stores the changed text. The view calls this. */
export function keepState(path: string, state: EditorState): void {
  states.set(path, state);
}

export function activeFile(): OpenFile | undefined {
  return tabs.value.files.find(({ path }) => path === tabs.value.active);
}

export async function loadTree(): Promise<void> {
  const { entries, isCut = false } = await get<ProjectTree>("tree");
  tree.set({ entries, isCut, isLoaded: true });
}

/** Opens a file in a new tab. If the file is already open, selects its tab. */
export async function open(path: string, place?: Omit<Place, "path">): Promise<void> {
  await load(path);
  tabs.set({ active: path, place: place === undefined ? undefined : { path, ...place } });
  keepOpen();
}

/** Reads a file that is not open, and adds a tab for it. */
async function load(path: string): Promise<void> {
  const isOpen = () => tabs.value.files.some((file) => file.path === path);
  if (isOpen()) return;
  const content = await get<FileContent>("read", { path }).catch((error: unknown) => {
    const draft = readDraft(path);
    // The file was removed, but a draft of its text exists.
    if (error instanceof APIError && error.status === 404 && draft !== undefined) return undefined;
    throw error;
  });
  if (!isOpen()) add(path, content);
}

function add(path: string, content: FileContent | undefined): void {
  if (content !== undefined && content.kind !== "text") {
    const { kind, size } = content;
    tabs.set({ files: [...tabs.value.files, { path, kind, size, etag: null, isDirty: false }] });
    return;
  }
  const text = content?.text ?? "";
  const etag = content?.etag ?? null;
  const draft = readDraft(path);
  const base = createState(path, text);
  savedTexts.set(path, base.doc);
  states.set(path, base);
  const file: OpenFile = { path, kind: "text", size: text.length, etag, isDirty: false };
  if (draft === undefined || draft.text === text) {
    dropDraft(path);
    tabs.set({ files: [...tabs.value.files, file] });
    return;
  }
  // Applies the draft as a change of the text from the disk, so that undo restores the text from the disk.
  states.set(path, replaceText(base, draft.text));
  const conflict = draft.etag === etag ? {} : { conflict: { etag, text } };
  tabs.set({ files: [...tabs.value.files, { ...file, etag: draft.etag, isDirty: true, ...conflict }] });
}

function createState(path: string, text: string): EditorState {
  return createCodeState(path, text, { onChange: (state) => changed(path, state) });
}

/** Replaces only the part that differs, so that the cursor keeps its position. */
function replaceText(state: EditorState, text: string): EditorState {
  const before = state.doc.toString();
  const whole = state.toText(text);
  const after = whole.toString();
  const shorter = Math.min(before.length, after.length);
  let from = 0;
  while (from < shorter && before[from] === after[from]) from++;
  let same = 0;
  while (same < shorter - from && before.at(-1 - same) === after.at(-1 - same)) same++;
  const changes = { from, to: before.length - same, insert: whole.slice(from, whole.length - same) };
  // Makes the change a separate step for undo.
  return state.update({ changes, annotations: isolateHistory.of("full") }).state;
}

function update(path: string, change: Partial<OpenFile>): void {
  tabs.set({ files: tabs.value.files.map((file) => (file.path === path ? { ...file, ...change } : file)) });
}

function changed(path: string, state: EditorState): void {
  states.set(path, state);
  const file = tabs.value.files.find((one) => one.path === path);
  if (file === undefined || file.isCopy === true) return;
  const saved = savedTexts.get(path);
  const isDirty = saved === undefined || !state.doc.eq(saved);
  if (isDirty !== file.isDirty) update(path, { isDirty });
  clearTimeout(unkept.get(path));
  unkept.set(path, setTimeout(keep, 200, path));
}

/** Stores unsaved text as a draft for a reload of the page. */
function keep(path: string): void {
  clearTimeout(unkept.get(path));
  if (!unkept.delete(path)) return;
  const file = tabs.value.files.find((one) => one.path === path);
  const state = states.get(path);
  if (file === undefined || state === undefined) return;
  if (!file.isDirty) dropDraft(path);
  else if (!keepDraft(path, { text: state.sliceDoc(), etag: file.etag })) {
    tell(`${path} is too large to be kept during a reload of the page. Save it.`, { isError: true });
  }
}

/** Stores all unsaved text before the page is closed. */
export function keepAll(): void {
  for (const path of [...unkept.keys()]) keep(path);
}

/**
 * Writes the text of a tab to the disk. Returns false if another program has changed the file since the editor read it.
 */
export async function save(path: string): Promise<boolean> {
  const file = tabs.value.files.find((one) => one.path === path);
  const state = states.get(path);
  if (file === undefined || state === undefined || file.isCopy === true) return false;
  const text = state.sliceDoc();
  try {
    const { etag } = await post<{ etag: string }>("save", { path, text, etag: file.etag });
    savedTexts.set(path, state.doc);
    const now = states.get(path) ?? state;
    const isDirty = !now.doc.eq(state.doc);
    const { conflict: _, ...rest } = tabs.value.files.find((one) => one.path === path) ?? file;
    tabs.set({
      files: tabs.value.files.map((one) =>
        one.path === path ? { ...rest, etag, isDirty, size: text.length } : one,
      ),
    });
    dropDraft(path);
    if (isDirty) keepDraft(path, { text: now.sliceDoc(), etag });
    if (!tree.value.entries.some((entry) => entry.path === path)) await loadTree();
    return true;
  } catch (error) {
    if (!(error instanceof APIError) || error.status !== 409) throw error;
    await findConflict(path);
    return false;
  }
}

async function findConflict(path: string): Promise<void> {
  const theirs = await readTheirs(path);
  update(path, { conflict: theirs });
}

async function readTheirs(path: string): Promise<{ readonly etag: string | null; readonly text: string }> {
  const content = await get<FileContent>("read", { path }).catch((error: unknown) => {
    if (error instanceof APIError && error.status === 404) return undefined;
    throw error;
  });
  return content?.kind === "text" ? { etag: content.etag, text: content.text } : { etag: null, text: "" };
}

/** Overwrites the text of the other program. */
export async function keepMine(path: string): Promise<void> {
  const conflict = tabs.value.files.find((file) => file.path === path)?.conflict;
  if (conflict === undefined) return;
  update(path, { etag: conflict.etag });
  await save(path);
}

/** Replaces the text by the text from the disk. Undo restores the text of the user. */
export async function takeTheirs(path: string): Promise<void> {
  replaceBy(path, await readTheirs(path));
}

function replaceBy(path: string, theirs: NonNullable<OpenFile["conflict"]>): void {
  const state = states.get(path);
  const known = tabs.value.files.find((one) => one.path === path);
  if (state === undefined || known === undefined) return;
  const next = replaceText(state, theirs.text);
  savedTexts.set(path, next.doc);
  states.set(path, next);
  const { conflict: _, ...file } = known;
  tabs.set({
    files: tabs.value.files.map((one) =>
      one.path === path ? { ...file, etag: theirs.etag, isDirty: false } : one,
    ),
    loads: tabs.value.loads + 1,
  });
  dropDraft(path);
}

/** Shows the text of the other program in a separate tab. */
export function showTheirs(path: string): void {
  const conflict = tabs.value.files.find((file) => file.path === path)?.conflict;
  const copy = `${path} (on the disk)`;
  if (conflict === undefined) return;
  states.set(copy, createCodeState(path, conflict.text, { onChange: () => {}, readOnly: true }));
  const files = tabs.value.files.filter((file) => file.path !== copy);
  const size = conflict.text.length;
  tabs.set({
    files: [...files, { path: copy, kind: "text", size, etag: null, isDirty: false, isCopy: true }],
    active: copy,
    place: undefined,
    loads: tabs.value.loads + 1,
  });
}

/** Checks whether another program has changed one of the open files. */
export async function lookAgain(): Promise<void> {
  for (const { path, kind, isCopy } of tabs.value.files) {
    if (kind !== "text" || isCopy === true) continue;
    const theirs = await readTheirs(path).catch(() => undefined);
    const file = tabs.value.files.find((one) => one.path === path);
    if (theirs === undefined || file === undefined || theirs.etag === file.etag) continue;
    if (file.isDirty || theirs.etag === null) update(path, { conflict: theirs, isDirty: true });
    // Replaces the text synchronously, so that no key is lost in between.
    else replaceBy(path, theirs);
  }
}

/** Closes a tab. Unsaved text is kept as a draft. Opening the file again restores it. */
export function close(path: string): void {
  keep(path);
  const { files, active } = tabs.value;
  const at = files.findIndex((file) => file.path === path);
  const rest = files.filter((file) => file.path !== path);
  if (files[at]?.isDirty === true) tell(`${path} is not saved. Open it again to continue.`);
  states.delete(path);
  savedTexts.delete(path);
  tabs.set({
    files: rest,
    active: active === path ? (rest[at] ?? rest.at(-1))?.path : active,
    place: undefined,
  });
  keepOpen();
}

function keepOpen(): void {
  const { files, active } = tabs.value;
  keepTabs(
    files.filter(({ isCopy }) => isCopy !== true).map(({ path }) => path),
    active,
  );
}

/** Opens the files that were open before the page was reloaded. */
export async function reopen(): Promise<void> {
  const { paths, active } = readTabs();
  for (const path of paths) await load(path).catch(() => undefined);
  // The user has opened another file in the meantime.
  if (tabs.value.active !== undefined) return keepOpen();
  // A tab is selected only once: if each file was shown for a moment, the user could type into the wrong file.
  const { files } = tabs.value;
  tabs.set({ active: files.some(({ path }) => path === active) ? active : files.at(-1)?.path });
}

/** Creates a file and opens it. */
export async function create(path: string, text: string): Promise<void> {
  await post("save", { path, text, etag: null });
  await loadTree();
  await open(path);
}

export async function createFolder(path: string): Promise<void> {
  await post("folder", { path });
  await loadTree();
}

/** Renames or moves a file or a folder, and updates the paths of open tabs. */
export async function move(from: string, to: string): Promise<void> {
  const moved = tabs.value.files.filter(({ path }) => path === from || path.startsWith(`${from}/`));
  for (const { path } of moved) keep(path);
  await post("move", { from, to });
  const drafts = moved.map(({ path }) => ({ path, draft: readDraft(path) }));
  for (const { path, draft } of drafts) {
    close(path);
    dropDraft(path);
    if (draft !== undefined) keepDraft(to + path.slice(from.length), draft);
  }
  await loadTree();
  for (const { path } of moved) await open(to + path.slice(from.length)).catch(tellError);
}

/** Removes a file or a folder, and shows a button that restores it. */
export async function remove(path: string): Promise<void> {
  const { id } = await post<{ id: string }>("remove", { path });
  for (const file of tabs.value.files) {
    if (file.path === path || file.path.startsWith(`${path}/`)) close(file.path);
  }
  await loadTree();
  const restore = async (): Promise<void> => {
    await post("restore", { id });
    await loadTree();
    tell(`${path} is back.`);
  };
  tell(`${path} is removed.`, { action: { name: "Undo", run: () => void restore().catch(tellError) } });
}
