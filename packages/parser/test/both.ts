import { describe } from "node:test";
import { type ParseIssue, Parser } from "@miqro/parser";

/** Runs a suite on both ways of running a schema. */
export function describeBoth(name: string, suite: (parser: Parser) => void): void {
  describe(`${name} (generated source)`, () => suite(new Parser({ codeGeneration: true })));
  describe(`${name} (closures)`, () => suite(new Parser({ codeGeneration: false })));
}

/** The issues of a value, each as `path code`. */
export function faults(
  result: { readonly issues: readonly ParseIssue[] } | { readonly success: true },
): string[] {
  return "issues" in result ? result.issues.map((issue) => `${issue.path} ${issue.code}`) : [];
}
