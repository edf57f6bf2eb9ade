import type { Schema } from "@miqro/parser";
import { parseMediaType } from "../body/media-type.js";
import { hasBody } from "../body/read-body.js";
import {
  ArgumentError,
  BadRequestError,
  type Issue,
  UnsupportedMediaTypeError,
  withoutStack,
} from "../errors.js";
import type { ServedRequest, ServedResponse } from "../exchange/served.js";
import type { Cookies, Params, Query } from "../exchange/types.js";
import type { RequestDeclaration, RequestPart } from "../routing/types.js";
import { type CheckPart, compilePart } from "./compile-part.js";

type PartName = "headers" | "query" | "params" | "body";

const partNames: readonly PartName[] = ["headers", "params", "query", "body"];

/**
 * Compiles the accepted requests of a route. The function replaces the parts with their parsed values. If a request
 * does not match, it throws a 400 with all issues of all parts, or passes the error to the handler as `req.problem`.
 */
export function createRequestValidator(
  declaration: RequestDeclaration,
): (req: ServedRequest, res: ServedResponse) => void {
  if (declaration.headers === false) {
    throw new ArgumentError(
      "`headers: false` would refuse every request, because every request has headers.",
    );
  }
  const checks: {
    readonly name: PartName;
    readonly check: CheckPart;
    readonly read: (req: ServedRequest) => unknown;
  }[] = [];
  for (const name of partNames) {
    const part = declaration[name];
    if (part === undefined || part === true) continue;
    checks.push({
      name,
      check: part === false ? createAbsenceCheck() : compileRequestPart(name, part, declaration),
      read: createPartReader(name, part),
    });
  }
  const needsBody = declaration.body !== undefined && typeof declaration.body !== "boolean";
  const passes = declaration.invalid === "pass";
  return (req, res) => {
    if (needsBody && req.body === undefined && hasBody(req)) {
      const type = req.headers["content-type"];
      throw new UnsupportedMediaTypeError(
        type === undefined
          ? "The body has no Content-Type."
          : "The Content-Type of the body is not one that this route reads.",
      );
    }
    let issues: Issue[] | undefined;
    const fitting: [name: PartName, value: unknown][] = [];
    for (const { name, check, read } of checks) {
      const value = read(req);
      if (passes && name === "body" && value === undefined && isWithoutBody(req)) continue;
      const result = check(value, name);
      if (result.success) {
        if (passes) fitting.push([name, result.value]);
        else assign(req, name, result.value);
      } else {
        issues ??= [];
        for (const { path, expected, message } of result.issues) issues.push({ path, expected, message });
      }
    }
    if (issues === undefined) {
      for (const [name, value] of fitting) assign(req, name, value);
      return;
    }
    const problem = toProblem(issues);
    if (!passes) throw problem;
    req.problem = problem;
    res.statusCode = problem.status;
  };
}

function toProblem(issues: readonly Issue[]): BadRequestError {
  return withoutStack(() => new BadRequestError(toSummary(issues), { code: "INVALID_REQUEST", issues }));
}

function isWithoutBody(req: ServedRequest): boolean {
  return (req.method === "GET" || req.method === "HEAD") && !hasBody(req);
}

/** Writes the first issue in full, so that the message alone already describes an error. */
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

function createPartReader(name: PartName, part: RequestPart): (req: ServedRequest) => unknown {
  // A body that no parser has read counts as present.
  if (name === "body" && part === false) return (req) => req.body ?? (hasBody(req) ? true : undefined);
  const lists = name === "query" || name === "body" ? findLists(part) : [];
  // A browser sends a form without fields as a request without a body.
  const readPart = (req: ServedRequest): unknown =>
    name === "body" && req.body === undefined && isForm(req) ? {} : req[name];
  if (lists.length === 0) return readPart;
  return (req) => {
    const value = readPart(req);
    return isRecord(value) && (name === "query" || isForm(req)) ? wrapSingles(value, lists) : value;
  };
}

/** Returns the fields that are declared as arrays. */
function findLists(part: RequestPart): string[] {
  if (Array.isArray(part)) return [...new Set(part.flatMap((schema) => findLists(schema as Schema)))];
  if (typeof part !== "object" || part === null || "~standard" in part) return [];
  const { type, properties } = part as { type?: unknown; properties?: unknown };
  const fields =
    type === "object" && typeof properties === "object" ? properties : "type" in part ? {} : part;
  return Object.entries(fields ?? {}).flatMap(([key, schema]: [string, unknown]) => {
    if (typeof schema === "string") return /\[\]\??$/.test(schema) ? [key] : [];
    return (schema as { type?: unknown } | null)?.type === "array" ? [key] : [];
  });
}

// A query or a form cannot express an array of one entry in another way.
function wrapSingles(
  value: Readonly<Record<string, unknown>>,
  lists: readonly string[],
): Readonly<Record<string, unknown>> {
  const singles = lists.filter((key) => Object.hasOwn(value, key) && !Array.isArray(value[key]));
  if (singles.length === 0) return value;
  return { ...value, ...Object.fromEntries(singles.map((key) => [key, [value[key]]])) };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isForm(req: ServedRequest): boolean {
  const type = parseMediaType(req.headers["content-type"])?.type;
  return type === "application/x-www-form-urlencoded" || type === "multipart/form-data";
}

// Node returns header names in lower case. A declaration may use their usual spelling.
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
