import { checkFields } from "../options/check-fields.js";
import type { ConfigSchema, ObjectSchema } from "./config-schemas.js";

/** Checks what a config file exports by default: one object, or a list of them where the file may hold one. */
export function checkConfig(value: unknown, schema: ConfigSchema): string[] {
  if (value === undefined) return ["it has no default export. Write: export default { ... }"];
  if (schema.list === true && Array.isArray(value)) {
    return value.flatMap((entry, index) => checkObject(entry, schema, `entry ${index} of the list`));
  }
  return checkObject(value, schema, "the default export");
}

/**
 * Checks an object and those in its fields.
 * @param what - how the messages call the object
 * @returns what is wrong and what to do, a sentence each
 */
export function checkObject(value: unknown, { fields, nested = {} }: ObjectSchema, what: string): string[] {
  const messages = checkFields(value, fields, what);
  for (const [key, inner] of Object.entries(nested)) {
    const object = (value as Record<string, unknown> | null)?.[key];
    if (typeof object === "object" && object !== null)
      messages.push(...checkFields(object, inner, `"${key}"`));
  }
  return messages;
}
