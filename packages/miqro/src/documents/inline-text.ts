/** A piece of a text in which backticks set code apart. */
export interface InlinePart {
  readonly text: string;
  readonly isCode: boolean;
}

/** Splits a text of the user into text and code; all other marks are text. */
export function splitInline(text: string): InlinePart[] {
  return text
    .split(/`([^`\n]+)`/)
    .map((part, index) => ({ text: part, isCode: index % 2 === 1 }))
    .filter((part) => part.text !== "");
}

/** Writes text as Markdown that shows just this text, and code between backticks as code. */
export function escapeMarkdown(text: string): string {
  return splitInline(text)
    .map((part) => (part.isCode ? codeSpan(part.text) : escapeMarks(part.text)))
    .join("");
}

/**
 * Writes code within a line.
 * @param isType - set for the name of a type in a cell of a table, which has pipes, and no backslash in front of them
 */
export function codeSpan(text: string, isType = false): string {
  const line = text.replace(/\s+/g, " ");
  // Readers of Markdown disagree about a pipe in code: as a character reference it ends a cell nowhere.
  if (line.includes("|") && (!isType || line.includes("\\"))) return `<code>${escapeMarks(line)}</code>`;
  const longest = Math.max(0, ...[...line.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = "`".repeat(longest + 1);
  const code = line.replace(/\|/g, "\\|");
  // Code that has backticks, or is empty, needs the spaces that Markdown takes off.
  return longest > 0 || code.trim() === "" ? `${fence} ${code} ${fence}` : `${fence}${code}${fence}`;
}

function escapeMarks(text: string): string {
  return (
    text
      .replace(/\s+/g, " ")
      .replace(/&/g, "&amp;")
      .replace(/</g, "&lt;")
      .replace(/[\\`*_[\]#~>!{}]/g, "\\$&")
      // Marks that count at the beginning of a line only, and addresses that would become links.
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
