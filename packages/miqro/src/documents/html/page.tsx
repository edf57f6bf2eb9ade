import type { JSXNode } from "@miqro/jsx";
import type { APIModel, SecurityScheme } from "../model.js";
import { Inline } from "./inline.js";
import { OperationSection } from "./operation-section.js";

interface PageProps {
  readonly model: APIModel;
  /** The elements that load the style sheet and the script. */
  readonly assets: JSXNode;
}

/** The document page. It is complete without its script, which adds the search and the forms. */
export function Page({ model, assets }: PageProps): JSXNode {
  const { title, version, description, operations } = model;
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>{title}</title>
        {assets}
      </head>
      <body>
        <a class="skip" href="#content">
          Skip to the routes
        </a>
        <Navigation model={model} />
        <main id="content">
          <header>
            <h1>{title}</h1>
            <p class="soft">{`Version ${version}`}</p>
            {description !== undefined && (
              <p>
                <Inline text={description} />
              </p>
            )}
            {operations.length === 0 && <p>There are no routes.</p>}
            <Settings model={model} />
          </header>
          {operations.map((operation) => (
            <OperationSection operation={operation} model={model} />
          ))}
        </main>
      </body>
    </html>
  );
}

function Navigation({ model: { operations } }: Pick<PageProps, "model">): JSXNode {
  return (
    <nav aria-label="Routes">
      <div data-needs-script hidden>
        <label for="search">Search</label>
        <input id="search" type="search" autocomplete="off" aria-describedby="search-status" />
        <p id="search-status" role="status" />
      </div>
      <ul>
        {operations.map(({ id, method, path }) => (
          <li>
            <a href={`#${id}`}>
              <span class={`method ${method.toLowerCase()}`}>{method}</span>
              <span>{path}</span>
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}

/** The fields that apply to all forms. */
function Settings({ model: { servers, securitySchemes } }: Pick<PageProps, "model">): JSXNode {
  return (
    <details id="auth" data-needs-script hidden>
      <summary>Server and authorization</summary>
      <div class="fields">
        <label for="server">Server</label>
        <input
          id="server"
          list="servers"
          autocomplete="off"
          spellcheck={false}
          defaultValue={servers[0] ?? ""}
        />
        {servers.length > 1 && (
          <datalist id="servers">
            {servers.map((server) => (
              <option value={server} />
            ))}
          </datalist>
        )}
        {Object.entries(securitySchemes).map(([name, scheme]) => (
          <Credentials name={name} scheme={scheme} />
        ))}
        <p class="soft">What you write here stays in this page, and goes with it.</p>
      </div>
    </details>
  );
}

function Credentials({ name, scheme }: { readonly name: string; readonly scheme: SecurityScheme }): JSXNode {
  if (scheme.type === "apiKey" && scheme.in === "cookie") {
    return <p>{`The browser sends the cookie ${scheme.name} itself: sign in, in another tab.`}</p>;
  }
  const place = scheme.type === "bearer" ? "bearer" : scheme.in;
  const key = scheme.type === "bearer" ? "Authorization" : scheme.name;
  return [
    <label for={`auth-${name}`}>{scheme.type === "bearer" ? "Bearer token" : `${key} (${place})`}</label>,
    <input
      id={`auth-${name}`}
      type="password"
      autocomplete="off"
      data-scheme={name}
      data-place={place}
      data-name={key}
    />,
  ];
}
