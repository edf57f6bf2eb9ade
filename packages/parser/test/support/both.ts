import { describe } from "node:test";
import { type ParseIssue, Parser, type ParserOptions } from "@miqro/parser";

/** Runs a suite on both ways of running a schema. */
export function describeBoth(name: string, suite: (parser: Parser, options: ParserOptions) => void): void {
  const source = { codeGeneration: true };
  const closures = { codeGeneration: false };
  describe(`${name} (generated source)`, () => suite(new Parser(source), source));
  describe(`${name} (closures)`, () => suite(new Parser(closures), closures));
}

/** The issues of a value, each as `path code`. */
export function faults(
  result: { readonly issues: readonly ParseIssue[] } | { readonly success: true },
): string[] {
  return "issues" in result ? result.issues.map((issue) => `${issue.path} ${issue.code}`) : [];
}
