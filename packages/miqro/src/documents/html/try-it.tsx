import type { JSXNode } from "@miqro/jsx";
import { typeText } from "../describe-schema.js";
import { exampleValue } from "../example-value.js";
import type { APIModel, Operation, Parameter } from "../model.js";
import { resolveSchema } from "../resolve-schema.js";

interface TryItProps {
  readonly operation: Operation;
  readonly schemas: APIModel["schemas"];
}

/** A form that sends a request. The script makes the form visible, and reads its data attributes. */
export function TryIt({ operation, schemas }: TryItProps): JSXNode {
  const { id, method, path, parameters, body, security } = operation;
  return (
    <details data-needs-script hidden>
      <summary>
        Try it <span class="soft">{`${method} ${path}`}</span>
      </summary>
      <form data-method={method} data-path={path} data-security={security.schemes.join(" ")}>
        {parameters.map((parameter) => (
          <Field parameter={parameter} id={`${id}-${parameter.in}-${parameter.name}`} schemas={schemas} />
        ))}
        {body !== undefined && [
          <label for={`${id}-type`}>Content-Type</label>,
          <select id={`${id}-type`} data-media-type>
            {body.mediaTypes.map((type) => (
              <option>{type}</option>
            ))}
          </select>,
          <label for={`${id}-body`}>Body</label>,
          <textarea
            id={`${id}-body`}
            data-body
            rows={6}
            spellcheck={false}
            defaultValue={exampleText(operation, schemas)}
          />,
        ]}
        <button type="submit">Send</button>
        <p role="status" data-answer="status" hidden />
        <pre tabindex={0} data-answer="headers" hidden />
        <pre tabindex={0} data-answer="body" hidden />
      </form>
    </details>
  );
}

function exampleText({ body }: Operation, schemas: APIModel["schemas"]): string {
  if (body === undefined || Object.keys(body.schema).length === 0) return "";
  return JSON.stringify(exampleValue(body.schema, schemas), null, 2) ?? "";
}

interface FieldProps {
  readonly parameter: Parameter;
  readonly id: string;
  readonly schemas: APIModel["schemas"];
}

function Field({ parameter, id, schemas }: FieldProps): JSXNode {
  const { name, isRequired, isWholeQuery } = parameter;
  const schema = resolveSchema(parameter.schema, schemas);
  const data = { "data-in": isWholeQuery === true ? "whole-query" : parameter.in, "data-name": name };
  const values =
    schema.type === "boolean" ? ["true", "false"] : schema.enum?.filter((value) => value !== null);
  const isList = schema.type === "array" || schema.anyOf?.some(({ type }) => type === "array") === true;
  const control =
    values !== undefined ? (
      <select id={id} {...data}>
        {!isRequired && <option value="" />}
        {values.map((value) => (
          <option>{String(value)}</option>
        ))}
      </select>
    ) : isList || isWholeQuery === true ? (
      <textarea id={id} {...data} rows={2} spellcheck={false} />
    ) : (
      <input id={id} {...data} required={isRequired} autocomplete="off" spellcheck={false} />
    );
  const how =
    isWholeQuery === true
      ? "name=value, one on each line"
      : isList
        ? "one a line"
        : typeText(parameter.schema, schemas);
  return [
    <label for={id}>
      {isWholeQuery === true ? "query" : name}{" "}
      <span class="soft">{`${parameter.in}, ${how}${isRequired ? "" : ", optional"}`}</span>
    </label>,
    control,
  ];
}
