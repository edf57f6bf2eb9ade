import { OptionIssues } from "./option-issues.js";

/** Throws for options that nobody reads; their values are checked where they are used. */
export function checkKnown(options: object, known: readonly string[], taker: string): void {
  // The usual case, which is worth being short: every call of a model comes here.
  let isRight = typeof options === "object";
  for (const key in options) isRight &&= known.includes(key);
  if (!isRight) refuse(options, known, taker);
}

function refuse(options: unknown, known: readonly string[], taker: string): void {
  const issues = new OptionIssues(taker);
  issues.read(options, "", taker, known);
  issues.throwIfAny();
}
