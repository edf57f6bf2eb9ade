import { type JSXNode, useEffect, useState } from "@miqro/jsx";
import type { RouteInfo } from "../agent/service-info.js";
import type { AppResponse } from "../app/send-to-app.js";
import { post } from "./api.js";
import { allRoutes, appInfo, loadAppInfo } from "./app-info.js";
import { exampleOf, type Field, fieldsOf } from "./example.js";
import { ScrollArea } from "./scroll-area.js";
import { Store, useStore } from "./store.js";
import { tellError } from "./ui.js";

/** The selected route, as its method and path. */
export const tried = new Store<{ readonly route: string }>({ route: "" });

const keyOf = ({ method, path }: RouteInfo): string => `${method} ${path}`;
const canBeTried = ({ kind, method }: RouteInfo): boolean =>
  ["api", "json"].includes(kind) && method !== "USE";

/** A panel that sends requests to routes. Its fields come from the schemas of the routes. */
export function TryPanel(): JSXNode {
  const { services, error } = useStore(appInfo);
  const { route: key } = useStore(tried);
  const [answer, setAnswer] = useState<AppResponse | undefined>(undefined);
  const [isSending, setSending] = useState(false);
  const routes = allRoutes(services).filter(canBeTried);
  const route = routes.find((one) => keyOf(one) === key) ?? routes[0];

  useEffect(() => void loadAppInfo(), []);
  useEffect(() => setAnswer(undefined), [key]);

  const onSubmit = (event: Event): void => {
    event.preventDefault();
    if (route === undefined) return;
    setSending(true);
    post<AppResponse>("try", toRequest(route, new FormData(event.target as HTMLFormElement)))
      .then(setAnswer, tellError)
      .finally(() => setSending(false));
  };

  if (route === undefined) {
    return (
      <p class="hint">{error ?? "There is no API route yet. Create one with New: http/items.api.ts."}</p>
    );
  }
  const { request = {} } = route;
  const params = [...route.path.matchAll(/:(\w+)/g)].map(([, name = ""]) => name);
  const takesBody = request.body !== undefined || !["GET", "HEAD", "DELETE"].includes(route.method);
  return (
    <div class="scroll">
      <form class="try" onSubmit={onSubmit} key={keyOf(route)}>
        <label>
          Route
          <select
            name="route"
            value={keyOf(route)}
            onChange={(event: Event) => tried.set({ route: (event.target as HTMLSelectElement).value })}
          >
            {routes.map((one) => (
              <option key={keyOf(one)} value={keyOf(one)}>
                {keyOf(one)}
              </option>
            ))}
          </select>
        </label>
        {route.description !== undefined && <p class="hint">{route.description}</p>}
        {route.guarded && <p class="hint">A policy protects this route: it needs a session.</p>}
        <Fields
          part="params"
          fields={params.map((name) => ({ name, type: "string", required: true, value: "" }))}
        />
        <Fields part="query" fields={fieldsOf(request.query)} />
        <Fields part="headers" fields={fieldsOf(request.headers)} />
        <label>
          More of the query
          <input name="more-query" placeholder="a=1&b=2" spellcheck={false} />
        </label>
        <label>
          More headers, one a line
          <textarea name="more-headers" rows={2} placeholder="Authorization: Bearer ..." spellcheck={false} />
        </label>
        {takesBody && (
          <label>
            Body
            <textarea name="body" rows={6} spellcheck={false} defaultValue={exampleOf(request.body)} />
          </label>
        )}
        <button type="submit" class="main" disabled={isSending}>
          {isSending ? "Sending ..." : `Send ${route.method}`}
        </button>
      </form>
      {answer !== undefined && <Answer answer={answer} />}
    </div>
  );
}

function Fields({ part, fields }: { readonly part: string; readonly fields: readonly Field[] }): JSXNode {
  return fields.map(({ name, type, required, value }) => (
    <label key={name}>
      {name} <small>{`${part}, ${type}${required ? "" : ", optional"}`}</small>
      <input name={`${part}.${name}`} required={required} defaultValue={value} spellcheck={false} />
    </label>
  ));
}

function Answer({ answer }: { readonly answer: AppResponse }): JSXNode {
  const { status, headers, text, size, ms, isCut } = answer;
  return (
    <section aria-label="The answer" class="answer">
      <p>
        <b class={status < 400 ? "good" : "bad"}>{status}</b> in {ms} ms, {size} bytes
        {isCut && ", only the start is shown"}
      </p>
      <ScrollArea label="The body">
        <pre>{text === undefined ? "The body is not text." : pretty(text)}</pre>
      </ScrollArea>
      <details>
        <summary>Headers</summary>
        <ScrollArea label="The headers">
          <pre>{headers.map(([name, value]) => `${name}: ${value}`).join("\n")}</pre>
        </ScrollArea>
      </details>
    </section>
  );
}

function pretty(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), undefined, 2);
  } catch {
    return text;
  }
}

interface TriedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

function toRequest(route: RouteInfo, data: FormData): TriedRequest {
  const text = (name: string): string => String(data.get(name) ?? "");
  const filled = (part: string): [string, string][] =>
    [...data.keys()]
      .filter((name) => name.startsWith(`${part}.`) && text(name) !== "")
      .map((name) => [name.slice(part.length + 1), text(name)]);
  const path = route.path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(text(`params.${name}`)));
  const query = [new URLSearchParams(filled("query")).toString(), text("more-query")].filter(
    (part) => part !== "",
  );
  const more = text("more-headers")
    .split("\n")
    .map((line) => /^\s*([^:]+?)\s*:\s*(.*)$/.exec(line))
    .flatMap((match) => (match === null ? [] : [[match[1] ?? "", match[2] ?? ""]]));
  const body = text("body");
  return {
    method: route.method,
    path: `${path}${query.length === 0 ? "" : `?${query.join("&")}`}`,
    headers: {
      ...(body === "" ? {} : { "content-type": "application/json" }),
      ...Object.fromEntries([...filled("headers"), ...more]),
    },
    ...(body === "" ? {} : { body }),
  };
}
