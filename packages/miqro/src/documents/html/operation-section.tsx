import type { JSXNode } from "@miqro/jsx";
import { describePolicy } from "../describe-policy.js";
import { type APIModel, isBodiless, type Operation } from "../model.js";
import { Inline } from "./inline.js";
import { ParameterTable, SchemaTable } from "./schema-tables.js";
import { TryIt } from "./try-it.js";

interface OperationProps {
  readonly operation: Operation;
  readonly schemas: APIModel["schemas"];
}

/** One route of the document page. */
export function OperationSection({ operation, schemas }: OperationProps): JSXNode {
  const { id, method, path, name, description, tags, deprecated, policies, security, body, response } =
    operation;
  const search = [method, path, name, description, ...tags].filter((one) => one !== undefined).join(" ");
  const need = security.isRequired ? "Needs" : "Takes";
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
      {policies.map((policy) => (
        <p>{describePolicy(policy)}</p>
      ))}
      {security.schemes.length > 0 && <p class="soft">{`${need} ${security.schemes.join(" or ")}.`}</p>}
      <Parameters operation={operation} schemas={schemas} />
      {body !== undefined && [
        <h3>Body</h3>,
        <p class="soft">{`${body.mediaTypes.join(", ")}${body.isRequired ? "" : ", may be left out"}`}</p>,
        Object.keys(body.schema).length > 0 && <SchemaTable schema={body.schema} schemas={schemas} />,
      ]}
      {response?.statuses.map((status) => (
        <Answer status={status} response={response} schemas={schemas} />
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

function Parameters({ operation, schemas }: OperationProps): JSXNode {
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

interface AnswerProps {
  readonly status: number;
  readonly response: NonNullable<Operation["response"]>;
  readonly schemas: APIModel["schemas"];
}

function Answer({ status, response: { body, headers }, schemas }: AnswerProps): JSXNode {
  const hasBody = body !== undefined && !isBodiless(status);
  return [
    <h3>{`Response ${status}`}</h3>,
    headers.length > 0 && <ParameterTable parameters={headers} schemas={schemas} />,
    <p class="soft">{hasBody ? body.mediaTypes.join(", ").replace("*/*", "any type") : "No body."}</p>,
    hasBody && Object.keys(body.schema).length > 0 && <SchemaTable schema={body.schema} schemas={schemas} />,
  ];
}
