/**
 * The type of a declared prop. It is read from the attribute: `string` unchanged, `number` as a number, `json` as a
 * JSON value. A `boolean` is true if the attribute is present and its value is not `"false"`.
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
   * The CSS of the element. It applies to the shadow root of the element. Without a shadow root, it applies to the
   * document or the shadow root that contains the element.
   */
  readonly styles?: string | readonly string[];
  /** True for an element that takes part in forms. It then has `internals`. */
  readonly formAssociated?: boolean;
  /**
   * The props that are also properties of the element, with their types. The attribute of a prop has the same name in
   * lower case with hyphens: `maxItems` becomes `max-items`.
   */
  readonly props?: Readonly<Record<string, PropType>>;
  /** False if a server must not render the content of the element. It then writes only the tag and the children. */
  readonly ssr?: boolean;
}

/** Returns the name of the attribute of a declared prop. */
export function attributeOfProp(prop: string): string {
  return prop.replace(/[A-Z]/g, "-$&").toLowerCase();
}

/**
 * Reads a declared prop from the text of its attribute.
 *
 * @param text `null` if the element has no such attribute
 * @param report called with the error if the text is not valid JSON; the prop is then `undefined`
 */
export function readProp(type: PropType, text: string | null, report: (error: unknown) => void): unknown {
  if (type === "boolean") return text !== null && text !== "false";
  if (text === null) return undefined;
  try {
    return type === "number" ? Number(text) : type === "string" ? text : JSON.parse(text);
  } catch (error) {
    report(error);
  }
}
