/** Text that was not saved, and the tag of the content that it was made from. */
export interface Draft {
  readonly text: string;
  readonly etag: string | null;
}

let prefix = "miqro-draft:";

/** Keeps the drafts of projects apart that come to have the same address. */
export function setProject(id: string): void {
  prefix = `miqro-draft:${id}:`;
}

/** Keeps text over a reload of the page, and a crash of the browser. False when there is no room. */
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

/** The files that were open. */
export function keepTabs(paths: readonly string[], active: string | undefined): void {
  localStorage.setItem(`${prefix.replace("draft", "tabs")}`, JSON.stringify({ paths, active }));
}

export function readTabs(): { readonly paths: readonly string[]; readonly active?: string } {
  const kept = localStorage.getItem(prefix.replace("draft", "tabs"));
  return kept === null ? { paths: [] } : (JSON.parse(kept) as { paths: string[]; active?: string });
}
