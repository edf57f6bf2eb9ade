import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const require = createRequire(new URL("../parts/package.json", import.meta.url));

/** What an independent validator finds wrong with an OpenAPI document; undefined when it is valid. */
export async function validateOpenAPI(document: object): Promise<string | undefined> {
  const { Validator } = (await import(
    pathToFileURL(require.resolve("@seriousme/openapi-schema-validator")).href
  )) as {
    readonly Validator: new () => {
      validate(document: object): Promise<{ readonly valid: boolean; readonly errors?: unknown }>;
    };
  };
  const { valid, errors } = await new Validator().validate(document);
  return valid ? undefined : JSON.stringify(errors);
}

/** The types that `openapi-typescript` makes of a document. It rejects what Redocly finds invalid. */
export async function toOpenAPITypes(document: object): Promise<string> {
  const { default: openapiTS, astToString } = require("openapi-typescript") as {
    readonly default: (document: object) => Promise<unknown>;
    readonly astToString: (ast: unknown) => string;
  };
  return astToString(await openapiTS(document));
}
