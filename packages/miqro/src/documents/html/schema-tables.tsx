import type { JSXNode } from "@miqro/jsx";
import type { JSONSchema } from "@miqro/parser";
import { describeSchema, listSchema, type SchemaRow, typeText } from "../describe-schema.js";
import type { APIModel, Parameter } from "../model.js";
import { Inline } from "./inline.js";

interface SchemasProps {
  readonly schemas: APIModel["schemas"];
}

/** The parameters in one part of a request, or the headers of a response. */
export function ParameterTable({
  parameters,
  schemas,
}: SchemasProps & { readonly parameters: readonly Parameter[] }): JSXNode {
  const rows = parameters.map((one) => ({
    path: one.isWholeQuery === true ? "any name" : one.name,
    type: typeText(one.schema, schemas),
    isRequired: one.isRequired,
    description: describeSchema(one.schema, schemas),
  }));
  return <Table rows={rows} />;
}

/** Describes the fields of a body. */
export function SchemaTable({ schema, schemas }: SchemasProps & { readonly schema: JSONSchema }): JSXNode {
  const rows = listSchema(schema, schemas);
  return rows.length === 0 ? <p>An empty object.</p> : <Table rows={rows} />;
}

function Table({ rows }: { readonly rows: readonly SchemaRow[] }): JSXNode {
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">name</th>
          <th scope="col">type</th>
          <th scope="col">description</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ path, type, isRequired, description }) => (
          <tr>
            <td>
              {path !== "" && <code>{path}</code>}
              {path !== "" && !isRequired && <span class="soft"> optional</span>}
            </td>
            <td>
              <span class="mono">{type}</span>
            </td>
            <td>
              <Inline text={description} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
