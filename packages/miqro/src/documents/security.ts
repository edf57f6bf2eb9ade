import type { RouteOptions, SessionHandlerOptions } from "@miqro/core";
import type { LoadedService } from "../service/load-service.js";
import { configsOf } from "../service/load-service.js";
import type { Security, SecurityScheme } from "./model.js";
import { fitsBelow } from "./path-pattern.js";

/** The location of the token that a session handler reads, and its paths. */
interface Session {
  readonly schemes: readonly string[];
  readonly isRequired: boolean;
  readonly path: readonly string[] | undefined;
  readonly exclude: readonly string[];
}

/** Collects how clients identify themselves, from `auth.ts` of services and `session` of routes. */
export class SecurityCollection {
  readonly #schemes = new Map<string, SecurityScheme>();
  readonly #sessions: Session[] = [];

  /** All schemes, by name. */
  get schemes(): Readonly<Record<string, SecurityScheme>> {
    return Object.fromEntries([...this.#schemes].sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  /** Adds the `auth.ts` of a service. It applies to the routes of this service and of all later services. */
  addService(service: LoadedService): void {
    for (const config of configsOf<SessionHandlerOptions>(service, "auth"))
      this.#sessions.push(this.#read(config));
  }

  /** The clients that may use a route, by all `auth.ts` files so far and by the options of the route. */
  of(path: string, { session, policy }: Pick<RouteOptions, "session" | "policy">): Security {
    const applying = this.#sessions.filter(
      (one) =>
        (one.path === undefined || one.path.some((pattern) => fitsBelow(path, pattern))) &&
        !one.exclude.some((pattern) => fitsBelow(path, pattern)),
    );
    // Middleware that sets a session does not reveal where it finds the token.
    if (typeof session === "object") applying.push(this.#read(session));
    return {
      schemes: [...new Set(applying.flatMap(({ schemes }) => schemes))],
      isRequired: policy !== undefined || applying.some(({ isRequired }) => isRequired),
    };
  }

  #read(config: SessionHandlerOptions): Session {
    const token = "authService" in config ? (config.options ?? {}) : config;
    const path = config.path ?? token.path;
    const schemes = [token.tokenLocation ?? "header"].flat().flatMap((location) => {
      const name = token.tokenLocationName;
      if (location === "header" && (name === undefined || /^authorization$/i.test(name))) {
        return this.#add("bearer", { type: "bearer" });
      }
      // Only WebSockets use a subprotocol. With "free", only the code of `verify` decides where the token is.
      if (location === "subprotocol" || location === "free") return [];
      const key = name ?? "token";
      return this.#add(`${location}_${key.replace(/[^\w.-]/g, "_")}`, {
        type: "apiKey",
        in: location,
        name: key,
      });
    });
    return {
      schemes,
      isRequired: token.required ?? true,
      path: path === undefined ? undefined : [path].flat(),
      exclude: [config.exclude ?? token.exclude ?? []].flat(),
    };
  }

  #add(name: string, scheme: SecurityScheme): string {
    this.#schemes.set(name, scheme);
    return name;
  }
}
