/** A piece of a text in which backticks set code apart. */
export interface InlinePart {
  readonly text: string;
  readonly isCode: boolean;
}

/** Splits what a user wrote into text and code; all other marks are text. */
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

/** Writes code within a line or a cell of a table. */
export function codeSpan(text: string): string {
  const line = text.replace(/\s+/g, " ").replace(/\|/g, "\\|");
  const longest = Math.max(0, ...[...line.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = "`".repeat(longest + 1);
  // Code that begins or ends with a backtick, or is empty, needs the spaces that Markdown takes off.
  return longest > 0 || line === "" ? `${fence} ${line} ${fence}` : `${fence}${line}${fence}`;
}

function escapeMarks(text: string): string {
  return (
    text
      .replace(/\s+/g, " ")
      .replace(/&/g, "&amp;")
      .replace(/</g, "&lt;")
      .replace(/[\\`*_[\]|#~>!{}]/g, "\\$&")
      // Marks that count at the beginning of a line only, and addresses that would become links.
      .replace(
        /^(\s*)([-+=]|\d+[.)])/,
        (_all, space: string, mark: string) => `${space}${mark.replace(/.$/, "\\$&")}`,
      )
      .replace(/\b(https?|ftp):\/\//gi, "$1\\://")
      .replace(/\bwww\./gi, "www\\.")
      .replace(/@/g, "&#64;")
  );
}
