import type { Schema } from "@miqro/parser";
import { hasBody } from "../body/read-body.js";
import { BadRequestError, type Issue, UnsupportedMediaTypeError } from "../errors.js";
import type { ServedRequest } from "../http/served.js";
import type { Cookies, Params, Query } from "../http/types.js";
import type { RequestDeclaration, RequestPart } from "../routing/types.js";
import { type CheckPart, compilePart } from "./compile-part.js";

type PartName = "headers" | "query" | "params" | "body";

const partNames: readonly PartName[] = ["headers", "params", "query", "body"];

/**
 * Compiles what a route accepts. The function replaces the parts by their parsed values, or throws a 400 with every
 * issue of all parts.
 */
export function createRequestValidator(declaration: RequestDeclaration): (req: ServedRequest) => void {
  const checks: { readonly name: PartName; readonly check: CheckPart }[] = [];
  for (const name of partNames) {
    const part = declaration[name];
    if (part === undefined || part === true) continue;
    checks.push({
      name,
      check: part === false ? createAbsenceCheck() : compileRequestPart(name, part, declaration),
    });
  }
  const needsBody = declaration.body !== undefined && typeof declaration.body !== "boolean";
  return (req) => {
    if (needsBody && req.body === undefined && hasBody(req)) {
      const type = req.headers["content-type"];
      throw new UnsupportedMediaTypeError(
        type === undefined
          ? "The body has no Content-Type."
          : "The Content-Type of the body is not one that this route reads.",
      );
    }
    let issues: Issue[] | undefined;
    for (const { name, check } of checks) {
      const result = check(req[name], name);
      if (result.success) {
        assign(req, name, result.value);
      } else {
        issues ??= [];
        for (const { path, expected, message } of result.issues) issues.push({ path, expected, message });
      }
    }
    if (issues !== undefined) {
      throw new BadRequestError(toSummary(issues), { code: "INVALID_REQUEST", issues });
    }
  };
}

/** The first issue in full: an error handler that knows of messages only can still tell what was wrong. */
function toSummary(issues: readonly Issue[]): string {
  const message = issues[0]?.message ?? "";
  return issues.length > 1 ? `${message} (${issues.length - 1} more)` : message;
}

function compileRequestPart(
  name: PartName,
  part: Exclude<RequestPart, boolean>,
  declaration: RequestDeclaration,
): CheckPart {
  const mode = declaration[`${name}Mode`] ?? (name === "headers" ? "add_extra" : "no_extra");
  return compilePart(name === "headers" ? lowerNames(part) : part, { coerce: name !== "body", mode });
}

// Node gives header names in lower case; a declaration may write them as they are usually written.
function lowerNames(part: Exclude<RequestPart, boolean>): Exclude<RequestPart, boolean> {
  if (Array.isArray(part)) return part.map((schema) => lowerNames(schema as Schema) as Schema);
  if (typeof part !== "object" || part === null || "~standard" in part) return part;
  const { type, properties } = part as { type?: unknown; properties?: unknown };
  if (type === "object" && typeof properties === "object" && properties !== null) {
    return { ...part, properties: lowerKeys(properties) } as unknown as Schema;
  }
  return "type" in part ? part : (lowerKeys(part) as Schema);
}

function lowerKeys(value: object): object {
  return Object.fromEntries(Object.entries(value).map(([key, schema]) => [key.toLowerCase(), schema]));
}

function createAbsenceCheck(): CheckPart {
  return (value, name) => {
    if (
      value === undefined ||
      (typeof value === "object" && value !== null && Object.keys(value).length === 0)
    ) {
      return { success: true, value };
    }
    const message = `The request must not have any ${name}.`;
    const issue = {
      path: name,
      code: "unknown_key" as const,
      expected: "nothing",
      received: typeof value,
      message,
    };
    return { success: false, issues: [issue] };
  };
}

function assign(req: ServedRequest, name: PartName, value: unknown): void {
  if (name === "body") req.body = value;
  else if (name === "query") req.query = value as Query;
  else if (name === "params") req.params = value as Params;
  else req.headers = value as ServedRequest["headers"] & Cookies;
}
