import { JSXNodeError } from "../errors.js";

const escapes: Readonly<Record<string, string>> = {
  "<": "\\u003c",
  ">": "\\u003e",
  "&": "\\u0026",
  "\u2028": "\\u2028",
  "\u2029": "\\u2029",
};

/**
 * Writes a value as JSON that can stand in a `<script>` and in JavaScript.
 *
 * @param value what `JSON.stringify` takes
 * @throws JSXNodeError `JSX_INVALID_STATE` for what JSON has no form for: functions, cycles, `undefined`, a bigint
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
      `The state (${typeof value}) has no form in JSON: give plain objects, arrays, strings, numbers, booleans and null.`,
      { cause },
    );
  }
  return json.replace(/[<>&\u2028\u2029]/g, (character) => escapes[character] ?? character);
}
