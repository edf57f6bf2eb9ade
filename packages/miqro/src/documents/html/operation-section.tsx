import type { JSXNode } from "@miqro/jsx";
import { describeSecurity } from "../describe-security.js";
import { type Answer, type APIModel, answersOf, type Operation } from "../model.js";
import { Inline } from "./inline.js";
import { ParameterTable, SchemaTable } from "./schema-tables.js";
import { TryIt } from "./try-it.js";

interface OperationProps {
  readonly operation: Operation;
  readonly model: APIModel;
}

/** One route of the document page. */
export function OperationSection({ operation, model }: OperationProps): JSXNode {
  const { schemas } = model;
  const { id, method, path, name, description, tags, deprecated, body, response } = operation;
  const search = [method, path, name, description, ...tags].filter((one) => one !== undefined).join(" ");
  return (
    <section id={id} data-search={search.toLowerCase()} aria-labelledby={`${id}-title`}>
      <h2 id={`${id}-title`}>
        <span class={`method ${method.toLowerCase()}`}>{method}</span>
        <code>{path}</code>
      </h2>
      {name !== undefined && (
        <p>
          <strong>{name}</strong>
        </p>
      )}
      {deprecated && <p>Deprecated.</p>}
      {description !== undefined && (
        <p>
          <Inline text={description} />
        </p>
      )}
      {tags.length > 0 && <p class="soft">{`Tags: ${tags.join(", ")}`}</p>}
      {describeSecurity(operation, model).map((sentence) => (
        <p class="soft">
          <Inline text={sentence} />
        </p>
      ))}
      <Parameters operation={operation} schemas={schemas} />
      {body !== undefined && [
        <h3>Body</h3>,
        <p class="soft">{`${body.mediaTypes.join(", ")}${body.isRequired ? "" : ", may be left out"}`}</p>,
        Object.keys(body.schema).length > 0 && <SchemaTable schema={body.schema} schemas={schemas} />,
      ]}
      {answersOf(response).map((answer) => (
        <AnswerPart answer={answer} schemas={schemas} />
      ))}
      <TryIt operation={operation} schemas={schemas} />
    </section>
  );
}

const places = [
  ["path", "Path"],
  ["query", "Query"],
  ["header", "Headers"],
] as const;

interface PartProps {
  readonly schemas: APIModel["schemas"];
}

function Parameters({ operation, schemas }: PartProps & { readonly operation: Operation }): JSXNode {
  return places.map(([place, title]) => {
    const parameters = operation.parameters.filter((one) => one.in === place);
    return (
      parameters.length > 0 && [
        <h3>{title}</h3>,
        <ParameterTable parameters={parameters} schemas={schemas} />,
      ]
    );
  });
}

function AnswerPart({ answer, schemas }: PartProps & { readonly answer: Answer }): JSXNode {
  const { statuses, headers, body } = answer;
  return [
    <h3>{`Response ${statuses.join(", ")}`}</h3>,
    headers.length > 0 && <ParameterTable parameters={headers} schemas={schemas} />,
    <p class="soft">
      {body === undefined ? "No body." : body.mediaTypes.join(", ").replace("*/*", "Any type.")}
    </p>,
    body !== undefined && Object.keys(body.schema).length > 0 && (
      <SchemaTable schema={body.schema} schemas={schemas} />
    ),
  ];
}
