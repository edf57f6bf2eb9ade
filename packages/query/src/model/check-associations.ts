import { checkKeys, checkOneOf, checkRow } from "../builder/check-arguments.js";
import { QueryArgumentError } from "../errors.js";
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

/** Checks what can be checked before the other models are there. */
export function checkAssociations(
  table: string,
  columns: readonly string[],
  associations: unknown,
): Associations {
  const checked = checkRow(associations, `The associations of "${table}"`);
  for (const [name, given] of Object.entries(checked)) {
    const place = `association "${name}" of "${table}"`;
    if (columns.includes(name))
      throw new QueryArgumentError(`The ${place} has the name of a column; rename it.`);
    const type = checkOneOf(checkRow(given, `The ${place}`).type, types, `The type of the ${place}`);
    const options = checkKeys(given, keys[type], place);
    if (typeof options.model !== "function") {
      throw new QueryArgumentError(
        `"model" of the ${place} is a function that gives the other model: () => User.`,
      );
    }
    for (const key of keys[type].slice(2)) {
      if (options[key] === undefined && optional.includes(key)) continue;
      if (typeof options[key] !== "string" || options[key] === "") {
        throw new QueryArgumentError(
          `"${key}" of the ${place} is a name, but ${describeValue(options[key])} was given.`,
        );
      }
    }
  }
  return checked as Associations;
}
