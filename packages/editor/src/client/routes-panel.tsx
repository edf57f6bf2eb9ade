import { type JSXNode, useEffect } from "@miqro/jsx";
import type { RouteInfo, ServiceInfo } from "../agent/service-info.js";
import { appInfo, loadAppInfo } from "./app-info.js";
import { useStore } from "./store.js";
import { tried } from "./try-panel.js";
import { tellError, ui } from "./ui.js";
import { open } from "./workspace.js";

/** The services and their routes, in the order in which a request is matched. */
export function RoutesPanel(): JSXNode {
  const { services, error } = useStore(appInfo);
  useEffect(() => void loadAppInfo(), []);
  return (
    <div class="scroll">
      {error !== undefined && <p class="hint">{error}</p>}
      <p class="hint">A request is matched from top to bottom, until a handler answers it.</p>
      <ol class="services">
        {services.map((service) => (
          <Service key={service.folder} service={service} />
        ))}
      </ol>
    </div>
  );
}

function Service({ service }: { readonly service: ServiceInfo }): JSXNode {
  const { name, folder, configs, routes, sockets, staticFolder } = service;
  return (
    <li>
      <h3>
        {name} <small>{folder}</small>
      </h3>
      <p class="steps">
        {configs.map((config) => (
          <button type="button" key={config.name} onClick={() => open(config.file).catch(tellError)}>
            {config.name}
          </button>
        ))}
        {sockets.map((path) => (
          <span key={path}>WebSocket {path}</span>
        ))}
      </p>
      <table class="routes">
        <thead>
          <tr>
            <th scope="col">Method</th>
            <th scope="col">Path</th>
            <th scope="col">Kind</th>
          </tr>
        </thead>
        <tbody>
          {routes.map((route) => (
            <Route key={`${route.method} ${route.path} ${route.file}`} route={route} />
          ))}
          {staticFolder !== undefined && (
            <tr>
              <td>GET</td>
              <td>files of static/</td>
              <td>static</td>
            </tr>
          )}
        </tbody>
      </table>
    </li>
  );
}

function Route({ route }: { readonly route: RouteInfo }): JSXNode {
  const { method, path, kind, file, description, guarded } = route;
  const tryIt = (): void => {
    tried.set({ route: `${method} ${path}` });
    ui.set({ panel: "try" });
  };
  return (
    <tr>
      <td>{method}</td>
      <td>
        <button
          type="button"
          class="link"
          title={description ?? file}
          onClick={() => open(file).catch(tellError)}
        >
          {path}
        </button>
        {guarded && <small> with a policy</small>}
      </td>
      <td>
        {kind}{" "}
        {["api", "json"].includes(kind) && (
          <button type="button" class="link" aria-label={`Try ${method} ${path}`} onClick={tryIt}>
            try
          </button>
        )}
      </td>
    </tr>
  );
}
