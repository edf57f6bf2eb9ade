/** Turns a value to JSON text. Throws when it has none, as functions do. */
export function toJSONText(value: unknown): string {
  const text: string | undefined = JSON.stringify(value);
  if (text === undefined) {
    throw new TypeError(
      `A ${typeof value} cannot be sent as JSON: return an object, a list or a plain value.`,
    );
  }
  return text;
}
