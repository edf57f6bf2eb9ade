/** Decodes the escapes of a URL. A string with an invalid escape is returned unchanged. */
export function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
