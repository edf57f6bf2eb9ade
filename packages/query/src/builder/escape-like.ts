/**
 * Escapes input of users for `like`, so that `%`, `_` and `\` are ordinary characters.
 * `like("title", "%" + escapeLike(search) + "%")` finds titles that contain the string `search`.
 */
export function escapeLike(text: string): string {
  return text.replace(/[\\%_]/g, "\\$&");
}
