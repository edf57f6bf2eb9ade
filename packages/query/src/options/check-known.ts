import { OptionIssues } from "./option-issues.js";

/** Throws for unknown options. The values of known options are checked where they are used. */
export function checkKnown(options: object, known: readonly string[], taker: string): void {
  // This check must be fast, because every call of a model runs it.
  let isRight = typeof options === "object";
  for (const key in options) isRight &&= known.includes(key);
  if (!isRight) refuse(options, known, taker);
}

function refuse(options: unknown, known: readonly string[], taker: string): void {
  const issues = new OptionIssues(taker);
  issues.read(options, "", taker, known);
  issues.throwIfAny();
}
