import { kindOf } from "./kind.js";

/** Words joined as in a sentence; past `limit`, the rest is counted. */
export function listWords(words: readonly string[], conjunction: "and" | "or", limit: number): string {
  if (words.length > limit) {
    return `${words.slice(0, limit).join(", ")} ${conjunction} ${words.length - limit} more`;
  }
  if (words.length < 2) return words.join();
  return `${words.slice(0, -1).join(", ")} ${conjunction} ${words[words.length - 1]}`;
}

/** A value as a person would write it. A long value is cut short. */
export function quoteValue(value: unknown): string {
  if (typeof value === "string") {
    const text = truncate(value, 40);
    return isPlainText(text) ? `"${text}"` : JSON.stringify(text);
  }
  if (typeof value === "number" || typeof value === "boolean" || value === null) return String(value);
  return kindOf(value).word;
}

// JSON.stringify takes several times as long as a check whether anything needs an escape.
function isPlainText(text: string): boolean {
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code < 32 || code === 34 || code === 92 || (code >= 0xd800 && code < 0xe000)) return false;
  }
  return true;
}

/** The text, or its beginning and an ellipsis. */
export function truncate(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const last = text.charCodeAt(limit - 1);
  // A character of two code units is never cut in half.
  return `${text.slice(0, last >= 0xd800 && last < 0xdc00 ? limit - 1 : limit)}…`;
}

/** The words with "a" or "an", unless they begin with a value, a number or words that take no article. */
export function withArticle(words: string): string {
  // Refusing a value must stay cheap, and nearly every issue is about one of these.
  switch (words) {
    case "string":
      return "a string";
    case "number":
      return "a number";
    case "integer":
      return "an integer";
    case "boolean":
      return "a boolean";
    case "object":
      return "an object";
    case "array":
      return "an array";
    case "null":
    case "undefined":
    case "true":
    case "false":
      return words;
  }
  if (/^(?:one of |at (?:least|most) |-?Infinity$|NaN$|["\d-])/.test(words)) return words;
  return `${/^[aeio]/.test(words) ? "an" : "a"} ${words}`;
}
