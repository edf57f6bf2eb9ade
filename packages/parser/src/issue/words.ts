import { kindOf } from "./kind.js";

/**
 * Joins words as in a sentence. If there are more than `limit` words, the sentence ends with the number of the others.
 */
export function listWords(words: readonly string[], conjunction: "and" | "or", limit: number): string {
  if (words.length > limit) {
    return `${words.slice(0, limit).join(", ")} ${conjunction} ${words.length - limit} more`;
  }
  if (words.length < 2) return words.join();
  return `${words.slice(0, -1).join(", ")} ${conjunction} ${words[words.length - 1]}`;
}

/** A value in the form of a message. A long value is shortened. */
export function quoteValue(value: unknown): string {
  if (typeof value === "string") {
    const text = truncate(value, 40);
    return isPlainText(text) ? `"${text}"` : JSON.stringify(text);
  }
  if (typeof value === "number" || typeof value === "boolean" || value === null) return String(value);
  return kindOf(value).word;
}

// This check takes a fraction of the time of JSON.stringify.
function isPlainText(text: string): boolean {
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code < 32 || code === 34 || code === 92 || (code >= 0xd800 && code < 0xe000)) return false;
  }
  return true;
}

/** The string, or its start and an ellipsis if it is longer than `limit`. */
export function truncate(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const last = text.charCodeAt(limit - 1);
  // A character of two code units is never split.
  return `${text.slice(0, last >= 0xd800 && last < 0xdc00 ? limit - 1 : limit)}…`;
}

/** The words with "a" or "an". Words that begin with a value, a number or a word without article stay unchanged. */
export function withArticle(words: string): string {
  // Nearly every issue contains one of these words, so this branch keeps refused values fast.
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
