/** Undoes the escapes of a URL; a text that has none that are whole stays as it is. */
export function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
