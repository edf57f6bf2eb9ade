/** Makes texts equal that differ in case only. */
export function fold(text: string): string {
  return text.toLowerCase();
}
