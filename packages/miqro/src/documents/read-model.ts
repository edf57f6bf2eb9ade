import { pathShape } from "../http-files/route-paths.js";
import type { LoadedService } from "../service/load-service.js";
import type { APIModel, Operation } from "./model.js";
import { operationId } from "./operation-id.js";
import { readInfo } from "./read-info.js";
import { readRequest } from "./read-request.js";
import { readResponse } from "./read-response.js";
import { type DeclaredRoute, readRoutes } from "./read-routes.js";
import { SchemaCollection } from "./schema-collection.js";
import { SecurityCollection } from "./security.js";

/**
 * Builds the model of the routes of services from their declarations.
 * @param services - the services in the order of a request: of two routes for the same requests, the first one counts
 * @param all - true adds pages and other files to those of `.api.ts`
 */
export function readModel(services: readonly LoadedService[], all: boolean): APIModel {
  const security = new SecurityCollection();
  const schemas = new SchemaCollection();
  const operations = new Map<string, Operation>();
  for (const service of services) {
    security.addService(service);
    for (const route of readRoutes(service, all)) {
      const key = `${route.method} ${pathShape(route.path)}`;
      if (!operations.has(key)) operations.set(key, toOperation(route, security, schemas));
    }
  }
  return {
    ...readInfo(services),
    operations: [...operations.values()].sort(compareOperations),
    securitySchemes: security.schemes,
    schemas: schemas.schemas,
  };
}

function toOperation(
  route: DeclaredRoute,
  security: SecurityCollection,
  schemas: SchemaCollection,
): Operation {
  const { method, path, options, around = {}, kind } = route;
  const { name, description, tags = around.tags ?? [], deprecated = around.deprecated ?? false } = options;
  const id = operationId(method, path);
  const own = security.of(path, options);
  const outer = security.of(path, around);
  const response = readResponse(options, { id, kind }, schemas);
  return {
    id,
    method,
    path,
    ...(name === undefined ? {} : { name }),
    ...(description === undefined ? {} : { description }),
    tags,
    deprecated,
    policies: [around.policy, options.policy].filter((policy) => policy !== undefined),
    security: {
      schemes: [...new Set([...own.schemes, ...outer.schemes])],
      isRequired: own.isRequired || outer.isRequired,
    },
    ...readRequest(options, { id, path }, schemas),
    ...(response === undefined ? {} : { response }),
  };
}

const methods = ["GET", "POST", "PUT", "PATCH", "DELETE"];

function compareOperations(a: Operation, b: Operation): number {
  if (a.path !== b.path) return a.path < b.path ? -1 : 1;
  const [first, second] = [a, b].map(
    ({ method }) => (methods.indexOf(method) + methods.length) % methods.length,
  );
  return (first ?? 0) - (second ?? 0) || (a.method < b.method ? -1 : 1);
}
