import { JSXNodeError } from "../errors.js";

/** The members of an element that a selector reads. */
export interface Selectable {
  readonly localName: string;
  readonly parentElement: Selectable | undefined;
  getAttribute(name: string): string | null;
}

type Matcher = (element: Selectable) => boolean;

const tokens =
  /\s*([,>])\s*|\s+()|(\*|[a-z][\w-]*)|#([\w-]+)|\.([\w-]+)|\[\s*([\w:-]+)\s*(?:=\s*(?:"([^"]*)"|'([^']*)'|([\w-]+))\s*)?\]/iy;

function attributeMatcher(name: string, wanted: string | undefined): Matcher {
  return (element) => {
    const value = element.getAttribute(name);
    return wanted === undefined ? value !== null : value === wanted;
  };
}

function classMatcher(className: string): Matcher {
  return (element) => (element.getAttribute("class") ?? "").split(/\s+/).includes(className);
}

/** Makes a matcher that tests the parent, or any ancestor if `direct` is false. */
function aboveMatcher(matches: Matcher, direct: boolean): Matcher {
  return ({ parentElement }) => {
    let element = parentElement;
    while (element !== undefined && !matches(element)) element = direct ? undefined : element.parentElement;
    return element !== undefined;
  };
}

/**
 * Makes a function that tells whether an element matches a selector.
 *
 * @param selector tags, `*`, `#id`, `.class`, `[attribute]` and `[attribute=value]`, combined, with white space or `>`
 *   between them; commas separate several selectors
 * @throws JSXNodeError `JSX_INVALID_SELECTOR` for any other selector
 */
export function parseSelector(selector: string): Matcher {
  const text = selector.trim();
  const alternatives: Matcher[] = [];
  let parts: Matcher[] = [];
  /** True at the start, after a comma and after a combinator, where an element selector must follow. */
  let opens = true;
  const fitsAll = (matchers: readonly Matcher[]) => (element: Selectable) =>
    matchers.every((fits) => fits(element));
  tokens.lastIndex = 0;
  while (tokens.lastIndex < text.length) {
    const at = tokens.lastIndex;
    const [token, sign, space, tag, id, className, name, ...values] = tokens.exec(text) ?? [];
    const relates = sign !== undefined || space !== undefined;
    if (token === undefined || (relates && opens) || (tag !== undefined && !opens))
      throw selectorError(selector, at);
    if (sign === ",") {
      alternatives.push(fitsAll(parts));
      parts = [];
    } else if (relates) parts = [aboveMatcher(fitsAll(parts), sign === ">")];
    else if (tag !== undefined) parts.push(({ localName }) => tag === "*" || localName === tag);
    else if (id !== undefined) parts.push(attributeMatcher("id", id));
    else if (className !== undefined) parts.push(classMatcher(className));
    else
      parts.push(
        attributeMatcher(
          name ?? "",
          values.find((value) => value !== undefined),
        ),
      );
    opens = relates;
  }
  if (opens) throw selectorError(selector, text.length);
  alternatives.push(fitsAll(parts));
  return (element) => alternatives.some((fits) => fits(element));
}

function selectorError(selector: string, at: number): JSXNodeError {
  return new JSXNodeError(
    "JSX_INVALID_SELECTOR",
    `The selector ${JSON.stringify(selector)} is not supported at position ${at}: use tags, #id, .class, [attribute] and [attribute=value], with white space, ">" and commas between them.`,
  );
}
