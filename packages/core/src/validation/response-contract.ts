import type { Schema } from "@miqro/parser";
import { checkOptions, either, kinds, type OptionKind } from "../check-options.js";
import { InvalidResponseError } from "../errors.js";
import { toJSONText } from "../http/body-type.js";
import type { ResponseDeclaration } from "../routing/types.js";
import { type CheckPart, compilePart } from "./compile-part.js";
import { compileSerializer } from "./compile-serializer.js";

/** What a route promised to answer. */
export interface ResponseContract {
  /** Whether the form of the body is declared. */
  readonly hasBody: boolean;
  lists(status: number): boolean;
  /** Throws when a status of success is not listed. */
  check(status: number): void;
  /** Writes what is declared as JSON. Throws when it does not fit. */
  write(body: unknown, status: number): string;
  /** Leaves only what is declared. Throws when the rest does not fit. */
  filter(body: unknown, status: number): unknown;
}

const success: OptionKind = {
  words: "a whole number from 200 to 599",
  test: (value) => Number.isInteger(value) && Number(value) >= 200 && Number(value) <= 599,
};

/** Compiles what a route answers; `undefined` where nothing is promised. */
export function createResponseContract(declaration: ResponseDeclaration): ResponseContract | undefined {
  checkOptions<ResponseDeclaration>(declaration, "The `response` of a route", {
    status: either(success, {
      words: "a list of these",
      test: (value) => Array.isArray(value) && value.length > 0 && value.every(success.test),
    }),
    headers: kinds.any,
    body: kinds.any,
  });
  const { status, body } = declaration;
  if (status === undefined && (body === undefined || body === true)) return undefined;
  const listed = new Set(status === undefined ? [200] : typeof status === "number" ? [status] : status);
  const check = typeof body === "boolean" || body === undefined ? undefined : compileBody(body);
  const serialize =
    body === undefined || typeof body === "boolean" || Array.isArray(body)
      ? undefined
      : compileSerializer(body as Schema);
  const contract: ResponseContract = {
    hasBody: check !== undefined,
    lists: (actual) => listed.has(actual),
    check(actual) {
      if (actual < 300 && actual >= 200 && !listed.has(actual)) {
        throw new InvalidResponseError(
          `The handler answered ${actual}, and its route declares only ${[...listed].join(", ")}.`,
        );
      }
    },
    write(value, actual) {
      const text = serialize !== undefined && listed.has(actual) ? serialize(value) : undefined;
      return text ?? toJSONText(contract.filter(value, actual));
    },
    filter(value, actual) {
      if (!listed.has(actual)) return value;
      if (body === false) {
        throw new InvalidResponseError("The handler answered with a body, and its route declares none.");
      }
      if (check === undefined) return value;
      const result = check(value, "response.body");
      if (result.success) return result.value;
      const faults = result.issues.map((issue) => `${issue.path}: ${issue.message}`).join(" ");
      throw new InvalidResponseError(`What the handler answered does not fit its route. ${faults}`);
    },
  };
  return contract;
}

function compileBody(body: Exclude<ResponseDeclaration["body"], boolean | undefined>): CheckPart {
  return compilePart(body, { coerce: false, mode: "remove_extra" });
}
