/**
 * How a declared prop is read from its attribute: `string` as it is, `number` as a number, `boolean` as true if the
 * attribute is present with any text except `"false"`, `json` as a JSON value.
 */
export type PropType = "string" | "number" | "boolean" | "json";

/** The options of a custom element. */
export interface ElementOptions {
  /** The attributes that render the component again when they change. Attributes of `props` are always included. */
  readonly observedAttributes?: readonly string[];
  /** The options of the shadow root, `{ mode: "open" }` by default; `false` renders into the element itself. */
  readonly shadowInit?: false | { readonly mode: "open" | "closed"; readonly [option: string]: unknown };
  /** The tag of the built-in element that is customized, such as `"p"` for `<p is="my-paragraph">`. */
  readonly extends?: string;
  /**
   * The CSS of the element. It applies to its shadow root or, without one, to the document or shadow root around it.
   */
  readonly styles?: string | readonly string[];
  /** True for an element that takes part in forms. It then has `internals`. */
  readonly formAssociated?: boolean;
  /**
   * Props that the element also has as properties. The attribute of a prop has its name in lower case, with hyphens:
   * `maxItems` is `max-items`.
   */
  readonly props?: Readonly<Record<string, PropType>>;
  /** False for an element whose content only a page can render. A server then writes its tag and children alone. */
  readonly ssr?: boolean;
}

/** The attribute of a declared prop. */
export function attributeOfProp(prop: string): string {
  return prop.replace(/[A-Z]/g, "-$&").toLowerCase();
}

/**
 * Reads a declared prop from the text of its attribute.
 *
 * @param text `null` if the element has no such attribute
 * @param report gets the error if the text is not valid JSON; the prop is then `undefined`
 */
export function readProp(type: PropType, text: string | null, report: (error: unknown) => void): unknown {
  if (type === "boolean") return text !== null && text !== "false";
  if (text === null) return undefined;
  if (type === "number") return Number(text);
  if (type === "string") return text;
  try {
    return JSON.parse(text);
  } catch (error) {
    report(error);
  }
}
