import { SchemaError } from "../errors.js";

/** The error for a fault at a place; `fault` continues "The schema at address.city ...". */
export function schemaError(fault: string, path: readonly string[]): SchemaError {
  const place = path.join(".");
  return new SchemaError(`The schema${place === "" ? "" : ` at ${place}`} ${fault}`, place);
}
