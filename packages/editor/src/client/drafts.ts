/** Unsaved text, and the etag of the file content that it is based on. */
export interface Draft {
  readonly text: string;
  readonly etag: string | null;
}

let prefix = "miqro-draft:";

/** Sets the id of the project, so that projects with the same address have separate drafts. */
export function setProject(id: string): void {
  prefix = `miqro-draft:${id}:`;
}

/**
 * Stores text so that it survives a reload of the page and a crash of the browser. Returns false if the storage is
 * full.
 */
export function keepDraft(path: string, draft: Draft): boolean {
  try {
    localStorage.setItem(prefix + path, JSON.stringify(draft));
    return true;
  } catch {
    return false;
  }
}

export function readDraft(path: string): Draft | undefined {
  const kept = localStorage.getItem(prefix + path);
  return kept === null ? undefined : (JSON.parse(kept) as Draft);
}

export function dropDraft(path: string): void {
  localStorage.removeItem(prefix + path);
}

/** Stores which files are open. */
export function keepTabs(paths: readonly string[], active: string | undefined): void {
  localStorage.setItem(`${prefix.replace("draft", "tabs")}`, JSON.stringify({ paths, active }));
}

export function readTabs(): { readonly paths: readonly string[]; readonly active?: string } {
  const kept = localStorage.getItem(prefix.replace("draft", "tabs"));
  return kept === null ? { paths: [] } : (JSON.parse(kept) as { paths: string[]; active?: string });
}
