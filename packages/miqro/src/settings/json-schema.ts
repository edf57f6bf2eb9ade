import { type Schema, toJSONSchema } from "@miqro/parser";
import type { Setting } from "./setting.js";
import { settings } from "./table.js";

/**
 * The JSON Schema (2020-12) of `miqro.json`, made from the table of settings. The package contains it as
 * `miqro.schema.json`, for editors.
 */
export function createJSONSchema(): object {
  const properties: Record<string, object> = {
    $schema: { type: "string", description: "Where this schema is." },
  };
  for (const [name, setting] of Object.entries<Setting>(settings)) {
    if (setting.json === undefined) continue;
    const { $schema: _, ...schema } = toJSONSchema(withoutMark(setting.json)) as Record<string, unknown>;
    properties[name] = { ...schema, description: describe(setting) };
  }
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "miqro.json",
    description: "Which services make a server, and how it serves them. Paths are relative to the file.",
    type: "object",
    properties,
    additionalProperties: false,
  };
}

/** All keys are optional, which the schema of the object declares. */
function withoutMark(json: Schema): Schema {
  return typeof json === "string" ? (json.replace(/\?$/, "") as Schema) : json;
}

function describe({ help, default: given, flag, env }: Setting): string {
  const parts = [
    help,
    given === undefined ? undefined : `default ${given.text}`,
    flag === undefined ? undefined : `flag --${flag.name}`,
    env === undefined ? undefined : `variable ${env}`,
  ];
  const text = parts.filter((part) => part !== undefined).join("; ");
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}.`;
}
