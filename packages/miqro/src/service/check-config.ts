import { checkFields } from "../config/check-fields.js";
import type { ConfigSchema } from "./config-schemas.js";

/** Checks what a config file exports by default: one object, or a list of them where the file may hold one. */
export function checkConfig(value: unknown, { fields, list, nested }: ConfigSchema): string[] {
  if (value === undefined) return ["it has no default export. Write: export default { ... }"];
  if (list === true && Array.isArray(value)) {
    return value.flatMap((entry, index) => checkFields(entry, fields, `entry ${index} of the list`));
  }
  const messages = checkFields(value, fields, "the default export");
  for (const [key, inner] of Object.entries(nested ?? {})) {
    const object = (value as Record<string, unknown> | null)?.[key];
    if (object !== undefined) messages.push(...checkFields(object, inner, `"${key}"`));
  }
  return messages;
}
