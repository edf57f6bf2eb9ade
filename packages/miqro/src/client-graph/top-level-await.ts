import { scanCode } from "./scan-code.js";

const control = /^(?:if|for|while|switch|catch|with)$/;

/** Whether a module may use `await` outside of a function. */
export function hasTopLevelAwait(text: string): boolean {
  if (!/\bawait\b/.test(text)) return false;
  // For each open bracket: whether its content belongs to a function.
  const nesting: Bracket[] = [];
  let arrowDepth: number | undefined;
  let closed: Bracket | undefined;
  let before = "";
  let isFound = false;
  scanCode(text, (token) => {
    const inFunction = nesting.at(-1)?.inFunction ?? false;
    if (token === "await" && !inFunction && arrowDepth === undefined && before !== ".") {
      isFound = true;
      return false;
    }
    if (token === "(" || token === "[" || token === "{") {
      const isBody = token === "{" && (before === "=>" || (closed?.sign === "(" && !closed.isControl));
      if (isBody && arrowDepth === nesting.length) arrowDepth = undefined;
      const isControl = token === "(" && (control.test(before) || before === "await");
      nesting.push({ sign: token, inFunction: inFunction || isBody, isControl });
      closed = undefined;
    } else if (token === ")" || token === "]" || token === "}") {
      closed = nesting.pop();
      if (arrowDepth !== undefined && nesting.length < arrowDepth) arrowDepth = undefined;
    } else {
      closed = undefined;
      if (token === ">" && before === "=") {
        // The body of an arrow function without braces ends with the statement, or with the enclosing brackets.
        arrowDepth ??= nesting.length;
        before = "=>";
        return undefined;
      }
      if (arrowDepth === nesting.length && (token === ";" || token === ",")) arrowDepth = undefined;
    }
    before = token;
    return undefined;
  });
  return isFound;
}

interface Bracket {
  readonly sign: string;
  readonly inFunction: boolean;
  /** Whether the brackets contain the condition of a statement, and not parameters or arguments. */
  readonly isControl: boolean;
}
