import type { JSONSchema } from "@miqro/parser";

/** The schema of the problem details (RFC 9457) in answers to errors. */
export const problemSchema: JSONSchema = {
  type: "object",
  properties: {
    type: { type: "string" },
    title: { type: "string" },
    status: { type: "integer" },
    detail: { type: "string" },
    code: { type: "string" },
    requestId: { type: "string" },
    issues: {
      type: "array",
      items: {
        type: "object",
        properties: {
          path: { type: "string" },
          expected: { type: "string" },
          message: { type: "string" },
        },
        required: ["path", "expected", "message"],
      },
    },
  },
  required: ["type", "title", "status", "code", "requestId"],
};
