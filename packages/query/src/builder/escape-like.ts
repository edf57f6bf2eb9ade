/**
 * Makes plain text of an input for `like`: its `%`, `_` and `\` stand for themselves. `like("title", "%" +
 * escapeLike(search) + "%")` finds titles that contain `search` as it was typed.
 */
export function escapeLike(text: string): string {
  return text.replace(/[\\%_]/g, "\\$&");
}
