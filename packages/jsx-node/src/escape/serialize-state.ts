import { JSXNodeError } from "../errors.js";

const escapes: Readonly<Record<string, string>> = {
  "<": "\\u003c",
  ">": "\\u003e",
  "&": "\\u0026",
  "\u2028": "\\u2028",
  "\u2029": "\\u2029",
};

/**
 * Converts a value to JSON that is safe in a `<script>` and in JavaScript.
 *
 * @param value a value that `JSON.stringify` accepts
 * @throws JSXNodeError `JSX_INVALID_STATE` for values that JSON cannot represent: functions, cycles, `undefined`, a
 *   bigint
 */
export function serializeState(value: unknown): string {
  let json: string | undefined;
  let cause: unknown;
  try {
    json = JSON.stringify(value);
  } catch (error) {
    cause = error;
  }
  if (json === undefined) {
    throw new JSXNodeError(
      "JSX_INVALID_STATE",
      `The state (${typeof value}) cannot be written as JSON: give plain objects, arrays, strings, numbers, booleans and null.`,
      { cause },
    );
  }
  return json.replace(/[<>&\u2028\u2029]/g, (character) => escapes[character] ?? character);
}
