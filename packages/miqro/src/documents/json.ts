import type { APIModel } from "./model.js";

/** Writes the whole model of an API as JSON. */
export function writeJSON({ schemas, ...model }: APIModel): string {
  return `${JSON.stringify({ ...model, components: { schemas } }, null, 2)}\n`;
}
