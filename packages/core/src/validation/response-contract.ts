import type { Schema } from "@miqro/parser";
import { InvalidResponseError } from "../errors.js";
import type { ResponseContract } from "../exchange/served.js";
import { toJSONText } from "../reply/body-type.js";
import type { ResponseDeclaration } from "../routing/types.js";
import { type CheckPart, compilePart } from "./compile-part.js";
import { compileSerializer } from "./compile-serializer.js";

/** Compiles the declared answers of a route. */
export function createResponseContract(declaration: ResponseDeclaration): ResponseContract {
  const { status, body } = declaration;
  // A route without a body may also answer 204.
  const usual = body === false ? [200, 204] : [200];
  const listed = new Set(status === undefined ? usual : typeof status === "number" ? [status] : status);
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
          `The handler answered ${actual}, but its route declares only ${[...listed].join(", ")}.`,
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
        throw new InvalidResponseError("The handler answered with a body, but its route declares no body.");
      }
      if (check === undefined) return value;
      const result = check(value, "response.body");
      if (result.success) return result.value;
      const faults = result.issues.map((issue) => `${issue.path}: ${issue.message}`).join(" ");
      throw new InvalidResponseError(`The answer of the handler does not match its route. ${faults}`);
    },
    checkRaw(value, actual) {
      if (!listed.has(actual)) return;
      if (body === false && value !== null) contract.filter(value, actual);
      if (check === undefined) return;
      const result = check(value, "response.body");
      if (result.success && result.value === value) return;
      throw new InvalidResponseError(
        "The handler answered with bytes or a stream, which cannot be checked against the body that its route declares: " +
          'declare "any", or none, where it is sent as it is.',
      );
    },
  };
  return contract;
}

function compileBody(body: Exclude<ResponseDeclaration["body"], boolean | undefined>): CheckPart {
  return compilePart(body, { coerce: false, mode: "remove_extra" });
}
