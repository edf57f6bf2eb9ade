import { checkOneOf, checkRow } from "../builder/check-arguments.js";
import { OptionIssues } from "../options/option-issues.js";
import { describeValue } from "../values/describe-value.js";
import type { Associations } from "./association.js";

const types = ["belongsTo", "hasMany", "hasOne", "manyToMany"] as const;

const keys: Readonly<Record<(typeof types)[number], readonly string[]>> = {
  belongsTo: ["type", "model", "foreignKey", "targetKey"],
  hasMany: ["type", "model", "foreignKey", "sourceKey"],
  hasOne: ["type", "model", "foreignKey", "sourceKey"],
  manyToMany: ["type", "model", "through", "foreignKey", "otherKey", "sourceKey", "targetKey"],
};

const optional: readonly string[] = ["targetKey", "sourceKey"];

/** Checks associations as far as possible before the other models exist. One error contains all mistakes. */
export function checkAssociations(
  table: string,
  columns: readonly string[],
  associations: unknown,
): Associations {
  const checked = checkRow(associations, `The associations of "${table}"`);
  const issues = new OptionIssues(`The associations of "${table}"`);
  for (const [name, given] of Object.entries(checked)) {
    const place = `association "${name}" of "${table}"`;
    if (columns.includes(name)) issues.add(name, `The ${place} has the name of a column; rename it.`);
    const { type: givenType } = (given ?? {}) as { readonly type?: unknown };
    const type = issues.try(`${name}.type`, () => checkOneOf(givenType, types, `The type of the ${place}`));
    if (type === undefined) continue;
    const options = issues.read(given, name, `The ${place}`, keys[type]);
    if (typeof options.model !== "function") {
      issues.add(
        `${name}.model`,
        `"model" of the ${place} must be a function that returns the other model: () => User.`,
      );
    }
    for (const key of keys[type].slice(2)) {
      const value = options[key];
      if (value === undefined && optional.includes(key)) continue;
      if (typeof value === "string" && value !== "") continue;
      issues.add(
        `${name}.${key}`,
        `"${key}" of the ${place} must be a name, but ${describeValue(value)} was given.`,
      );
    }
  }
  issues.throwIfAny();
  return checked as Associations;
}
