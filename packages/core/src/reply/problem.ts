import { type Issue, toErrorCode } from "../errors.js";
import { prefersText } from "../exchange/accept.js";
import { kContext } from "../exchange/internal.js";
import type { ServedRequest } from "../exchange/served.js";
import { http } from "../platform/builtins.js";
import { problemType, textType } from "./body-type.js";

interface ErrorFields {
  readonly code?: unknown;
  readonly issues?: unknown;
  /** False if the message is not for the client. Some error libraries set this field. */
  readonly expose?: unknown;
}

/**
 * Describes an error to the client: as problem details of RFC 9457, or as plain text if the client prefers text. A 5xx
 * shows nothing of its cause, except in development.
 */
export function toProblem(req: ServedRequest, error: Error, status: number): { type: string; body: string } {
  const { code, issues, expose } = error as ErrorFields;
  const title = http.STATUS_CODES[status] ?? "Error";
  const hidden = (status >= 500 || expose === false) && req[kContext]?.isDevelopment !== true;
  const detail = hidden ? undefined : error.message;
  const stack = status >= 500 && !hidden ? error.stack : undefined;
  if (prefersText(req.headers.accept)) {
    const lines = [title];
    const found = status < 500 ? readIssues(issues) : [];
    if (found.length > 0) lines.push(...found.map((issue) => issue.message));
    else if (detail !== undefined && detail !== "") lines.push(detail);
    if (stack !== undefined) lines.push(stack);
    lines.push(`Request id: ${req.uuid}`);
    return { type: textType, body: `${lines.join("\n")}\n` };
  }
  const found = status < 500 ? readIssues(issues) : [];
  const body = JSON.stringify({
    type: "about:blank",
    title,
    status,
    detail,
    code: typeof code === "string" && !hidden ? code : toErrorCode(status),
    requestId: req.uuid,
    issues: found.length > 0 ? found : undefined,
    stack,
  });
  return { type: problemType, body };
}

function readIssues(issues: unknown): Issue[] {
  if (!Array.isArray(issues)) return [];
  return issues.map((issue: Partial<Record<keyof Issue, unknown>> | null) => ({
    path: String(issue?.path ?? ""),
    expected: String(issue?.expected ?? ""),
    message: String(issue?.message ?? ""),
  }));
}
