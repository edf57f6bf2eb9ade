import type { FileProblems } from "../options/file-problems.js";
import type { Convention } from "./convention.js";

/**
 * Checks the default export of a config file: one config, or an array of configs if the convention allows it.
 * @returns the configs; undefined if one of them has an error
 */
export function checkConfigs(
  value: unknown,
  convention: Convention,
  problems: FileProblems,
): readonly unknown[] | undefined {
  const before = problems.count;
  const configs = convention.list === true && Array.isArray(value) ? value : [value];
  if (value === undefined) problems.add("it has no default export. Write: export default { ... }");
  else {
    for (const [index, config] of configs.entries()) {
      const what = configs === value ? `entry ${index} of the array` : "the default export";
      problems.read(() => convention.check(config, problems, what));
    }
  }
  return problems.count === before ? configs : undefined;
}
