import { OptionIssues } from "./option-issues.js";

/** Checks options that are each true or false. `others` are further options, which the caller checks itself. */
export function checkFlags(
  options: unknown,
  flags: readonly string[],
  taker: string,
  others: readonly string[] = [],
): void {
  const issues = new OptionIssues(taker);
  const given = issues.read(options, "", taker, [...others, ...flags]);
  for (const key of flags) {
    issues.expect(given[key], typeof given[key] === "boolean", key, "true or false", `"${key}" of ${taker}`);
  }
  issues.throwIfAny();
}
