import type { Policy } from "@miqro/core";
import type { APIModel, Operation, SecurityScheme } from "./model.js";

/** The clients that a route accepts, as sentences. Backticks mark code. */
export function describeSecurity(
  { policies, security: { schemes, isRequired } }: Operation,
  { securitySchemes }: Pick<APIModel, "securitySchemes">,
): string[] {
  const names = schemes.flatMap((name) => securitySchemes[name] ?? []).map(describeScheme);
  const sentences = policies.map(describePolicy);
  if (isRequired && names.length > 0) sentences.push(`Send ${names.join(", or ")}.`);
  else if (names.length > 0) sentences.push(`You may send ${names.join(", or ")}.`);
  // The document may not show how a client identifies itself, because only the code of the services decides it.
  else if (isRequired && policies.length === 0) sentences.push("Needs a session.");
  return sentences;
}

/** A policy in a sentence. */
export function describePolicy({ groups, groupPolicy }: Policy): string {
  const names = groups.map((entry) => [entry].flat().join(" and "));
  if (names.length === 0) return groupPolicy === "all" ? "Needs a session." : "Lets nobody in.";
  const joint = groupPolicy === "all" ? ", and in " : ", or in ";
  return `Needs a session in the group ${names.join(joint)}.`;
}

function describeScheme(scheme: SecurityScheme): string {
  if (scheme.type === "bearer") return "a bearer token";
  const place = { header: "the header", query: "in the query", cookie: "the cookie" }[scheme.in];
  return `${place} \`${scheme.name}\``;
}
