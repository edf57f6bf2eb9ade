import { SchemaError } from "../errors.js";

/** Makes the error for a mistake in a schema. `fault` continues the sentence "The schema at address.city ...". */
export function schemaError(fault: string, path: readonly string[]): SchemaError {
  const place = path.join(".");
  return new SchemaError(`The schema${place === "" ? "" : ` at ${place}`} ${fault}`, place);
}
