import type { UnsafeHTML, UnsafeURL } from "../attributes/attribute.js";
import type { RefObject } from "../hooks/memo.js";
import type { JSXNode, Key } from "../vnode/vnode.js";
import type { EventsByName } from "./dom-names.js";

type Text = string | number | null | undefined;
type Flag = boolean | null | undefined;
type URLText = string | UnsafeURL | { toString(): string } | null | undefined;

/**
 * A ref: an object of `useRef`, or a function. It gets the element when the element is mounted, and `null` when it is
 * removed.
 */
export type Ref<Target> =
  | RefObject<Target>
  | RefObject<Target | null>
  | RefObject<Target | undefined>
  | ((element: Target | null) => void)
  | null
  | undefined;

/** An event listener. `currentTarget` is the element of the listener. */
export type EventHandler<GivenEvent, Target> =
  | ((this: Target, event: GivenEvent & { readonly currentTarget: Target }) => unknown)
  | null
  | undefined;

/**
 * A string of CSS, or an object. The names of its properties are in camel case or as in CSS. A number is a length in
 * pixels, unless the property accepts plain numbers.
 */
export type Style = string | { readonly [property: string]: string | number | null | undefined } | null;

/**
 * Event listeners. Their names are in camel case (`onClick`) or in lower case (`onclick`). `onClickCapture` listens in
 * the capture phase.
 */
export type EventAttributes<Target> = {
  [Name in keyof EventsByName as `on${Name}` | `on${Lowercase<Name>}` | `on${Name}Capture`]?: EventHandler<
    EventsByName[Name],
    Target
  >;
};

/** The attributes of every element of HTML and SVG. */
export interface CommonAttributes<Target> extends EventAttributes<Target> {
  key?: Key | null | undefined;
  ref?: Ref<Target>;
  children?: JSXNode;
  /** Raw HTML, which is not escaped. Never pass HTML of a user. */
  innerHTML?: string | null | undefined;
  /** The same as `innerHTML`, with the name that React uses. */
  dangerouslySetInnerHTML?: { readonly __html: string } | null | undefined;
  class?: Text;
  className?: Text;
  id?: Text;
  lang?: Text;
  nonce?: Text;
  part?: Text;
  role?: Text;
  slot?: Text;
  style?: Style | undefined;
  tabindex?: Text;
  [name: `aria-${string}`]: Text | boolean;
  [name: `data-${string}`]: unknown;
}

/** The attributes of every element of HTML. */
export interface HTMLAttributes<Target> extends CommonAttributes<Target> {
  accesskey?: Text;
  autocapitalize?: Text;
  autocorrect?: "on" | "off" | "" | null | undefined;
  autofocus?: Flag;
  contenteditable?: boolean | "plaintext-only" | "true" | "false" | null | undefined;
  dir?: "ltr" | "rtl" | "auto" | null | undefined;
  draggable?: boolean | "true" | "false" | null | undefined;
  enterkeyhint?: Text;
  exportparts?: Text;
  hidden?: boolean | "until-found" | null | undefined;
  inert?: Flag;
  inputmode?: Text;
  is?: string | undefined;
  itemid?: Text;
  itemprop?: Text;
  itemref?: Text;
  itemscope?: Flag;
  itemtype?: Text;
  popover?: "auto" | "manual" | "hint" | "" | boolean | null | undefined;
  spellcheck?: boolean | "true" | "false" | null | undefined;
  /** SVG only knows `tabindex`, since case counts there. */
  tabIndex?: Text;
  title?: Text;
  translate?: "yes" | "no" | null | undefined;
  writingsuggestions?: boolean | "true" | "false" | "" | null | undefined;
}

interface Anchor extends HTMLAttributes<HTMLAnchorElement> {
  href?: URLText;
  target?: Text;
  rel?: Text;
  download?: string | boolean | null | undefined;
  hreflang?: Text;
  ping?: Text;
  referrerpolicy?: Text;
  type?: Text;
  coords?: Text;
  shape?: Text;
  alt?: Text;
}

interface Media extends HTMLAttributes<HTMLMediaElement> {
  src?: URLText;
  autoplay?: Flag;
  controls?: Flag;
  crossorigin?: Text | boolean;
  loop?: Flag;
  muted?: Flag;
  playsinline?: Flag;
  poster?: Text;
  preload?: Text;
  width?: Text;
  height?: Text;
}

interface FormControl<Target> extends HTMLAttributes<Target> {
  name?: Text;
  value?: Text;
  disabled?: Flag;
  form?: Text;
  required?: Flag;
  readonly?: Flag;
  readOnly?: Flag;
  autocomplete?: Text;
}

interface Submitter<Target> extends FormControl<Target> {
  type?: Text;
  formaction?: URLText;
  formenctype?: Text;
  formmethod?: Text;
  formnovalidate?: Flag;
  formtarget?: Text;
  popovertarget?: Text;
  popovertargetaction?: Text;
}

interface Button extends Submitter<HTMLButtonElement> {
  command?: Text;
  commandfor?: Text;
}

interface Input extends Submitter<HTMLInputElement> {
  accept?: Text;
  alt?: Text;
  capture?: Text | boolean;
  checked?: Flag;
  /** Whether the field is checked initially. Later renders do not overwrite changes of the user. */
  defaultChecked?: Flag;
  /** The initial value. Later renders do not overwrite changes of the user. */
  defaultValue?: Text;
  dirname?: Text;
  height?: Text;
  list?: Text;
  max?: Text;
  maxlength?: Text;
  maxLength?: Text;
  min?: Text;
  minlength?: Text;
  minLength?: Text;
  multiple?: Flag;
  pattern?: Text;
  placeholder?: Text;
  size?: Text;
  src?: URLText;
  step?: Text;
  /** True for a file field that selects folders. Chromium, Safari and Firefox all use this name. */
  webkitdirectory?: Flag;
  width?: Text;
}

interface TextArea extends FormControl<HTMLTextAreaElement> {
  cols?: Text;
  /** The initial text. Later renders do not overwrite changes of the user. */
  defaultValue?: Text;
  dirname?: Text;
  maxlength?: Text;
  maxLength?: Text;
  minlength?: Text;
  minLength?: Text;
  placeholder?: Text;
  rows?: Text;
  wrap?: Text;
}

interface Select extends Omit<FormControl<HTMLSelectElement>, "value"> {
  /** The initial selection. Later renders do not overwrite changes of the user. */
  defaultValue?: Text | readonly (string | number)[];
  /** The selected value; an array if `multiple` is set. */
  value?: Text | readonly (string | number)[];
  multiple?: Flag;
  size?: Text;
}

interface Option extends HTMLAttributes<HTMLOptionElement> {
  disabled?: Flag;
  /** Whether the option is selected initially. Later renders do not overwrite changes of the user. */
  defaultSelected?: Flag;
  label?: Text;
  selected?: Flag;
  value?: Text;
}

interface Form extends HTMLAttributes<HTMLFormElement> {
  "accept-charset"?: Text;
  action?: URLText;
  autocomplete?: Text;
  enctype?: Text;
  method?: Text;
  name?: Text;
  novalidate?: Flag;
  noValidate?: Flag;
  rel?: Text;
  target?: Text;
}

interface Image extends HTMLAttributes<HTMLImageElement> {
  alt?: Text;
  src?: URLText;
  srcset?: Text;
  sizes?: Text;
  width?: Text;
  height?: Text;
  loading?: "lazy" | "eager" | null | undefined;
  decoding?: "sync" | "async" | "auto" | null | undefined;
  fetchpriority?: "high" | "low" | "auto" | null | undefined;
  crossorigin?: Text | boolean;
  referrerpolicy?: Text;
  usemap?: Text;
  ismap?: Flag;
}

interface Frame extends HTMLAttributes<HTMLIFrameElement> {
  allow?: Text;
  allowfullscreen?: Flag;
  height?: Text;
  width?: Text;
  loading?: "lazy" | "eager" | null | undefined;
  name?: Text;
  referrerpolicy?: Text;
  sandbox?: Text | boolean;
  src?: URLText;
  srcdoc?: UnsafeHTML | null | undefined;
}

interface Script extends HTMLAttributes<HTMLScriptElement> {
  async?: Flag;
  blocking?: Text;
  crossorigin?: Text | boolean;
  defer?: Flag;
  fetchpriority?: "high" | "low" | "auto" | null | undefined;
  integrity?: Text;
  nomodule?: Flag;
  referrerpolicy?: Text;
  src?: URLText;
  type?: Text;
}

interface Link extends HTMLAttributes<HTMLElement> {
  as?: Text;
  blocking?: Text;
  crossorigin?: Text | boolean;
  disabled?: Flag;
  fetchpriority?: "high" | "low" | "auto" | null | undefined;
  href?: URLText;
  hreflang?: Text;
  imagesizes?: Text;
  imagesrcset?: Text;
  integrity?: Text;
  media?: Text;
  referrerpolicy?: Text;
  rel?: Text;
  sizes?: Text;
  type?: Text;
}

interface Meta extends HTMLAttributes<HTMLElement> {
  charset?: Text;
  content?: Text;
  "http-equiv"?: Text;
  media?: Text;
  name?: Text;
  property?: Text;
}

interface Cell extends HTMLAttributes<HTMLElement> {
  abbr?: Text;
  colspan?: Text;
  colSpan?: Text;
  headers?: Text;
  rowspan?: Text;
  rowSpan?: Text;
  scope?: Text;
}

interface Details extends HTMLAttributes<HTMLDetailsElement> {
  name?: Text;
  open?: Flag;
}

interface Dialog extends HTMLAttributes<HTMLDialogElement> {
  closedby?: Text;
  open?: Flag;
}

interface Label extends HTMLAttributes<HTMLLabelElement> {
  for?: Text;
  htmlFor?: Text;
}

type With<Name extends string, Target = HTMLElement> = HTMLAttributes<Target> & {
  [Attribute in Name]?: Text | boolean;
};

/**
 * A value of SVG and MathML that is a word, also if it is a boolean. A boolean would write an attribute without a value,
 * which these attributes do not accept, or leave it out.
 */
type Word = "true" | "false" | null | undefined;

/** The attributes of SVG elements, with their names in SVG. */
export interface SVGAttributes extends CommonAttributes<SVGElement> {
  preserveAlpha?: Word;
  [attribute: string]: unknown;
}

/** The attributes of MathML elements. */
interface MathAttributes extends SVGAttributes {
  accent?: Word;
  accentunder?: Word;
  displaystyle?: Word;
  fence?: Word;
  largeop?: Word;
  movablelimits?: Word;
  separator?: Word;
  stretchy?: Word;
  symmetric?: Word;
}

/** The attributes of an element whose tag has a hyphen, unless `MiqroElements` declares it. */
export interface CustomElementAttributes extends HTMLAttributes<HTMLElement> {
  [attribute: string]: unknown;
}

type PlainTag =
  | (
      | "abbr"
      | "address"
      | "article"
      | "aside"
      | "b"
      | "bdi"
      | "bdo"
      | "br"
      | "caption"
      | "cite"
      | "code"
      | "dd"
    )
  | (
      | "dfn"
      | "div"
      | "dl"
      | "dt"
      | "em"
      | "figcaption"
      | "figure"
      | "footer"
      | "h1"
      | "h2"
      | "h3"
      | "h4"
      | "h5"
    )
  | ("h6" | "head" | "header" | "hgroup" | "hr" | "i" | "kbd" | "legend" | "main" | "mark" | "menu" | "nav")
  | (
      | "noscript"
      | "p"
      | "picture"
      | "pre"
      | "rp"
      | "rt"
      | "ruby"
      | "s"
      | "samp"
      | "search"
      | "section"
      | "small"
    )
  | (
      | "span"
      | "strong"
      | "sub"
      | "summary"
      | "sup"
      | "table"
      | "tbody"
      | "tfoot"
      | "thead"
      | "title"
      | "tr"
      | "u"
    )
  | ("ul" | "var" | "wbr");

type SVGTag =
  | (
      | "svg"
      | "animate"
      | "animateMotion"
      | "animateTransform"
      | "circle"
      | "clipPath"
      | "defs"
      | "desc"
      | "ellipse"
    )
  | (
      | "feBlend"
      | "feColorMatrix"
      | "feComponentTransfer"
      | "feComposite"
      | "feConvolveMatrix"
      | "feDropShadow"
    )
  | (
      | "feDiffuseLighting"
      | "feDisplacementMap"
      | "feDistantLight"
      | "feFlood"
      | "feFuncA"
      | "feFuncB"
      | "feFuncG"
    )
  | ("feFuncR" | "feGaussianBlur" | "feImage" | "feMerge" | "feMergeNode" | "feMorphology" | "feOffset")
  | ("fePointLight" | "feSpecularLighting" | "feSpotLight" | "feTile" | "feTurbulence" | "filter")
  | ("foreignObject" | "g" | "image" | "line" | "linearGradient" | "marker" | "mask" | "metadata" | "mpath")
  | ("path" | "pattern" | "polygon" | "polyline" | "radialGradient" | "rect" | "set" | "stop" | "switch")
  | ("symbol" | "text" | "textPath" | "tspan" | "use" | "view");

type PlainElements = { [Tag in PlainTag]: HTMLAttributes<HTMLElement> };
type SVGElements = { [Tag in SVGTag]: SVGAttributes };
type MathTag =
  | ("annotation" | "maction" | "math" | "merror" | "mfrac" | "mi" | "mmultiscripts" | "mn" | "mo" | "mover")
  | (
      | "mpadded"
      | "mphantom"
      | "mprescripts"
      | "mroot"
      | "mrow"
      | "ms"
      | "mspace"
      | "msqrt"
      | "mstyle"
      | "msub"
    )
  | ("msubsup" | "msup" | "mtable" | "mtd" | "mtext" | "mtr" | "munder" | "munderover" | "semantics");

type MathElements = { [Tag in MathTag]: MathAttributes };

// Converts an interface to an object type. An interface would not match the index signature of tags with a hyphen.
type Flat<Attributes> = { [Name in keyof Attributes]: Attributes[Name] };
type DeclaredElements = {
  [Tag in keyof MiqroElements]: Flat<HTMLAttributes<HTMLElement> & MiqroElements[Tag]>;
};

/** All tags of HTML, SVG and MathML, with their attributes. */
export interface IntrinsicElements extends PlainElements, SVGElements, MathElements, DeclaredElements {
  a: Anchor;
  area: Anchor;
  audio: Media;
  base: With<"href" | "target">;
  blockquote: With<"cite">;
  body: HTMLAttributes<HTMLElement>;
  button: Button;
  canvas: With<"width" | "height", HTMLCanvasElement>;
  col: With<"span">;
  colgroup: With<"span">;
  data: With<"value">;
  datalist: HTMLAttributes<HTMLElement>;
  del: With<"cite" | "datetime">;
  details: Details;
  dialog: Dialog;
  embed: With<"src" | "type" | "width" | "height">;
  fieldset: With<"disabled" | "form" | "name">;
  form: Form;
  html: With<"xmlns">;
  iframe: Frame;
  img: Image;
  input: Input;
  ins: With<"cite" | "datetime">;
  label: Label;
  li: With<"value">;
  link: Link;
  map: With<"name">;
  meta: Meta;
  meter: With<"value" | "min" | "max" | "low" | "high" | "optimum">;
  object: With<"data" | "type" | "name" | "form" | "width" | "height">;
  ol: With<"reversed" | "start" | "type">;
  optgroup: With<"disabled" | "label">;
  option: Option;
  output: With<"for" | "htmlFor" | "form" | "name">;
  progress: With<"value" | "max">;
  q: With<"cite">;
  script: Script;
  select: Select;
  slot: With<"name">;
  source: With<"src" | "srcset" | "sizes" | "type" | "media" | "width" | "height">;
  style: With<"media" | "blocking">;
  td: Cell;
  template: With<
    "shadowrootmode" | "shadowrootdelegatesfocus" | "shadowrootclonable" | "shadowrootserializable"
  >;
  textarea: TextArea;
  th: Cell;
  time: With<"datetime">;
  track: With<"default" | "kind" | "label" | "src" | "srclang">;
  video: Media;
  [tag: `${string}-${string}`]: CustomElementAttributes;
}
