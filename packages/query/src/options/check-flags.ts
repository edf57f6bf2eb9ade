import { OptionIssues } from "./option-issues.js";

/** Checks that options are true or false. `others` are known options that the caller checks. */
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
