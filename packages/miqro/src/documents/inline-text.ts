/** A part of a text in which backticks mark code. */
export interface InlinePart {
  readonly text: string;
  readonly isCode: boolean;
}

/** Splits a text of the user into text and code. All other characters count as text. */
export function splitInline(text: string): InlinePart[] {
  return text
    .split(/`([^`\n]+)`/)
    .map((part, index) => ({ text: part, isCode: index % 2 === 1 }))
    .filter((part) => part.text !== "");
}

/** Escapes text for Markdown, so that it is shown unchanged. Text between backticks is shown as code. */
export function escapeMarkdown(text: string): string {
  return splitInline(text)
    .map((part) => (part.isCode ? codeSpan(part.text) : escapeMarks(part.text)))
    .join("");
}

/**
 * Writes code within a line.
 * @param isType - set for the name of a type in a table cell: it may contain pipes, but no backslash before a pipe
 */
export function codeSpan(text: string, isType = false): string {
  const line = text.replace(/\s+/g, " ");
  // Readers of Markdown disagree about a pipe in code. A pipe as a character reference never ends a cell.
  if (line.includes("|") && (!isType || line.includes("\\"))) return `<code>${escapeMarks(line)}</code>`;
  const longest = Math.max(0, ...[...line.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = "`".repeat(longest + 1);
  const code = line.replace(/\|/g, "\\|");
  // If code contains backticks, or is empty, it needs spaces around it, which Markdown removes.
  return longest > 0 || code.trim() === "" ? `${fence} ${code} ${fence}` : `${fence}${code}${fence}`;
}

function escapeMarks(text: string): string {
  return (
    text
      .replace(/\s+/g, " ")
      .replace(/&/g, "&amp;")
      .replace(/</g, "&lt;")
      .replace(/[\\`*_[\]#~>!{}]/g, "\\$&")
      // Characters that are Markdown only at the beginning of a line, and addresses that would become links.
      .replace(
        /^(\s*)([-+=]|\d+[.)])/,
        (_all, space: string, mark: string) => `${space}${mark.replace(/.$/, "\\$&")}`,
      )
      .replace(/\b(https?|ftp):\/\//gi, "$1\\://")
      .replace(/\bwww\./gi, "www\\.")
      .replace(/@/g, "&#64;")
      .replace(/\|/g, "&#124;")
  );
}
