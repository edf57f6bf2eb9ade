import { scanCode } from "./scan-code.js";

interface Token {
  readonly text: string;
  readonly start: number;
  readonly isFirstOfLine: boolean;
}

interface Range {
  readonly start: number;
  readonly end: number;
}

const comparison = /^(["'])(.*)\1$/;

/**
 * Finds the branches that never run when `process.env.NODE_ENV` is a string. Packages use such a condition to choose
 * between their production and development files, and only one of the two must be served. A branch in an unusual form
 * is kept.
 */
export function deadBranches(text: string): readonly Range[] {
  if (!/(["'])\w+\1\s*[!=]==?\s*(["'])\w+\2/.test(text)) return [];
  const tokens: Token[] = [];
  let end = 0;
  scanCode(text, (token, start) => {
    tokens.push({ text: token, start, isFirstOfLine: text.slice(end, start).includes("\n") });
    end = start + token.length;
    return undefined;
  });
  return tokens.flatMap((_, index) => deadBranchOf(tokens, index) ?? []);
}

/** The text with these parts replaced by spaces. Line numbers stay the same. */
export function withoutBranches(text: string, branches: readonly Range[]): string {
  let result = text;
  for (const { start, end } of branches) {
    result = result.slice(0, start) + result.slice(start, end).replace(/[^\n\r]/g, " ") + result.slice(end);
  }
  return result;
}

function deadBranchOf(tokens: readonly Token[], index: number): Range | undefined {
  const condition = conditionAt(tokens, index);
  if (condition === undefined) return undefined;
  const { isTrue, next } = condition;
  const isIf = tokens[index - 1]?.text === "(" && tokens[index - 2]?.text === "if";
  if (isIf && tokens[next]?.text === ")") {
    const then = statementAt(tokens, next + 1);
    if (then === undefined || !isTrue) return then?.range;
    return tokens[then.next]?.text === "else" ? statementAt(tokens, then.next + 1)?.range : undefined;
  }
  if (tokens[next]?.text !== "?" || !startsExpression(tokens, index)) return undefined;
  const then = expressionAt(tokens, next + 1, ":");
  if (then === undefined || !isTrue) return then?.range;
  return expressionAt(tokens, then.next + 1, undefined)?.range;
}

/** Whether the token is the first of an expression, so that no other condition is before it. */
function startsExpression(tokens: readonly Token[], index: number): boolean {
  const before = tokens[index - 1]?.text ?? ";";
  return before === "="
    ? /^[\w$\])]/.test(tokens[index - 2]?.text ?? "")
    : /^(?:[;{}(,]|return)$/.test(before);
}

/** A comparison of two strings with `==` or `===`. */
function conditionAt(
  tokens: readonly Token[],
  index: number,
): { readonly isTrue: boolean; readonly next: number } | undefined {
  const left = comparison.exec(tokens[index]?.text ?? "")?.[2];
  if (left === undefined) return undefined;
  const isNot = tokens[index + 1]?.text === "!";
  if (!isNot && tokens[index + 1]?.text !== "=") return undefined;
  let next = index + 2;
  while (tokens[next]?.text === "=") next += 1;
  const right = comparison.exec(tokens[next]?.text ?? "")?.[2];
  if (right === undefined || next - index > 4) return undefined;
  return { isTrue: (left === right) !== isNot, next: next + 1 };
}

function statementAt(
  tokens: readonly Token[],
  index: number,
): { readonly range: Range; readonly next: number } | undefined {
  const first = tokens[index];
  if (first === undefined) return undefined;
  if (first.text !== "{") {
    // Any other condition would have to be evaluated.
    return /^(?:if|for|while|do|try|switch)$/.test(first.text) ? undefined : expressionAt(tokens, index, ";");
  }
  let depth = 0;
  for (let at = index; at < tokens.length; at += 1) {
    const token = tokens[at];
    if (token?.text === "{") depth += 1;
    else if (token?.text === "}") depth -= 1;
    if (token !== undefined && depth === 0)
      return { range: { start: first.start + 1, end: token.start }, next: at + 1 };
  }
  return undefined;
}

/** @param until the token at which the expression ends; `undefined` means any token that ends an expression */
function expressionAt(
  tokens: readonly Token[],
  index: number,
  until: ":" | ";" | undefined,
): { readonly range: Range; readonly next: number } | undefined {
  const first = tokens[index];
  if (first === undefined) return undefined;
  let depth = 0;
  for (let at = index; at < tokens.length; at += 1) {
    const { text = "", start = 0, isFirstOfLine = false } = tokens[at] ?? {};
    const range = { start: first.start, end: start };
    if (depth === 0) {
      const ends = until === undefined ? /^[;,)\]}]$/.test(text) : text === until;
      if (ends) return { range, next: until === ";" ? at + 1 : at };
      // A line break may end a statement, so the code after it counts as the next statement.
      if (isFirstOfLine && at > index && until !== ":") return { range, next: at };
    }
    if (/^[([{]$/.test(text)) depth += 1;
    else if (/^[)\]}]$/.test(text)) depth -= 1;
    if (depth < 0 || (text === "?" && until === ":")) return undefined;
  }
  const last = tokens.at(-1);
  if (depth !== 0 || until === ":" || last === undefined) return undefined;
  return { range: { start: first.start, end: last.start + last.text.length }, next: tokens.length };
}
