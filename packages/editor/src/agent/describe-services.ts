import { type Schema, toJSONSchema } from "@miqro/parser";
import type { RouteInfo, ServiceInfo } from "./service-info.js";

const parts = ["headers", "query", "params", "body"] as const;

/** Describes the services. The schemas of their routes become JSON Schema, which can be sent to another process. */
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
    // If there are several alternatives, uses the first one.
    described[part] = describePart(Array.isArray(given) ? given[0] : given);
  }
  return described;
}

function describePart(schema: unknown): object | null {
  if (schema === true) return null;
  try {
    return toJSONSchema(schema as Schema);
  } catch {
    // A parser that the user wrote has no JSON Schema.
    return null;
  }
}
