import { type Schema, toJSONSchema } from "@miqro/parser";
import type { RouteInfo, ServiceInfo } from "./service-info.js";

const parts = ["headers", "query", "params", "body"] as const;

/** The services with the schemas of their routes as JSON Schema, which can be sent. */
export function describeServices(services: readonly ServiceInfo[]): ServiceInfo[] {
  return services.map((service) => ({
    ...service,
    routes: service.routes.map(({ request, ...route }) =>
      request === undefined ? route : { ...route, request: describeRequest(request) },
    ),
  }));
}

function describeRequest(request: NonNullable<RouteInfo["request"]>): NonNullable<RouteInfo["request"]> {
  const described: Partial<Record<(typeof parts)[number], object | null>> = {};
  for (const part of parts) {
    const given: unknown = request[part];
    if (given === undefined || given === false) continue;
    // Of alternatives, the first is as good as any.
    described[part] = describePart(Array.isArray(given) ? given[0] : given);
  }
  return described;
}

function describePart(schema: unknown): object | null {
  if (schema === true) return null;
  try {
    return toJSONSchema(schema as Schema);
  } catch {
    // A parser of the user's own is not described.
    return null;
  }
}
