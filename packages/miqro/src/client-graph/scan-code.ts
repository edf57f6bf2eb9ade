// Separators, then a word, a string or a punctuator. This is one expression because large files are read with it.
const token =
  /(?:\s+|\/\/[^\n\r]*|\/\*[\s\S]*?\*\/)*([\w$\u0080-\uffff]+|"(?:[^"\\\n]|\\[\s\S])*"|'(?:[^'\\\n]|\\[\s\S])*'|[\s\S])/y;
const expression = /\/(?:[^/\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/\w*/y;
const templatePart = /(?:[^`\\$]|\\[\s\S]|\$(?!\{))*/y;
// After these words, and after most punctuators, a slash begins a regular expression.
const beforeExpression =
  /^(?:[^\w$\u0080-\uffff)\]`"']*|return|typeof|case|in|of|delete|void|throw|new|do|else|await|yield|instanceof)$/;

/**
 * Reads the words and punctuators of a script. It skips templates, comments and regular expressions. It does not parse
 * the script. A stream of tokens is enough to distinguish code from text, and the callers need no more.
 * @param see called with each token; `false` ends the reading
 */
export function scanCode(text: string, see: (token: string, start: number) => boolean | undefined): void {
  const nesting: ("brace" | "template")[] = [];
  let before = "";
  let at = 0;
  while (at < text.length) {
    token.lastIndex = at;
    const found = token.exec(text)?.[1];
    if (found === undefined) return;
    at = token.lastIndex;
    if (found === "`" || (found === "}" && nesting.at(-1) === "template")) {
      if (found === "}") nesting.pop();
      templatePart.lastIndex = at;
      at += templatePart.exec(text)?.[0].length ?? 0;
      const isOpen = text[at] === "$";
      if (isOpen) nesting.push("template");
      at += isOpen ? 2 : 1;
      before = isOpen ? "(" : "`";
      continue;
    }
    if (found === "/" && beforeExpression.test(before)) {
      expression.lastIndex = at - 1;
      const length = expression.exec(text)?.[0].length;
      if (length !== undefined) {
        at += length - 1;
        before = "`";
        continue;
      }
    }
    if (found === "{") nesting.push("brace");
    else if (found === "}") nesting.pop();
    before = found;
    if (see(found, at - found.length) === false) return;
  }
}
