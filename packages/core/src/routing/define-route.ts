import type { Schema } from "@miqro/parser";
import type { APIRoute, RequestDeclaration, ResponseDeclaration, TypedRoute } from "./types.js";

/**
 * Declares a route whose handler knows the types of its request and response from their schemas: `req.body`,
 * `req.query`, `req.params`, `req.headers`, and what `res.json` takes.
 */
export function defineRoute<
  const Accepts extends RequestDeclaration = Record<never, Schema>,
  const Answers extends ResponseDeclaration = Record<never, Schema>,
>(route: TypedRoute<Accepts, Answers>): APIRoute {
  return route as unknown as APIRoute;
}
