import type { StandardSchema } from "../schema/standard-schema.js";

/** The value as a Standard Schema v1, or undefined. Some libraries use functions as schemas. */
export function asStandardSchema(value: unknown): StandardSchema | undefined {
  if ((typeof value !== "object" && typeof value !== "function") || value === null) return undefined;
  const props = (value as Partial<StandardSchema>)["~standard"];
  return props?.version === 1 && typeof props.validate === "function" ? (value as StandardSchema) : undefined;
}
