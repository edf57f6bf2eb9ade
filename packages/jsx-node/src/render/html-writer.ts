import {
  type ComponentInstance,
  createInstance,
  createVNode,
  type ElementOptions,
  findRecordedElement,
  isVNode,
  type JSXNode,
  nodeKind,
  type Props,
  type RecordedElement,
  renderComponent,
  type SuspenseProps,
  toNodeList,
  type VNode,
} from "@miqro/jsx";
import { JSXNodeError } from "../errors.js";
import { toScriptText, toStyleSheetText } from "../escape/raw-text.js";
import { toStyleText } from "../escape/style-text.js";
import { HostChildren, shadowAttributes, toHostProps } from "./host-element.js";
import {
  byteAt,
  copyFrom,
  drop,
  insert,
  position,
  truncate,
  writeByte,
  writeHTML,
  writeLiteral,
  writeText,
} from "./page-bytes.js";
import { attributeTextOf, findProp, innerHTMLOf, ownProp } from "./prop.js";
import { type ChosenOptions, chooses, toChosenOptions } from "./select.js";
import { findTag, type RecentAttribute, type Tag } from "./tag.js";

/** Gets the `src` of a script and returns the URLs of the modules that this script will import. */
export type ModulePreload = (src: string) => readonly string[] | undefined;

/** The options of a writer. */
export interface WriterOptions {
  readonly modulePreload: ModulePreload | undefined;
  readonly onWarning: (message: string) => void;
  /** Called with each promise among the nodes. Without this function, a promise throws an error. */
  readonly onPromise?: (promise: PromiseLike<JSXNode>, place: WriterPlace) => void;
  readonly onSuspense?: (node: SuspenseNode, place: WriterPlace) => void;
}

/** The state that the outer elements define for a position in the page. */
export interface Surroundings {
  readonly foreign: string;
  readonly math: boolean;
  readonly unsure: boolean;
  readonly inert: boolean;
  readonly chosen: ChosenOptions | undefined;
  /**
   * True if the children of a `Suspense` cannot be inserted later, because no script can find the position or the
   * parser reads only text.
   */
  readonly inline: boolean;
}

/** The position at the start of a page. */
export const noSurroundings: Surroundings = {
  foreign: "",
  math: false,
  unsure: false,
  inert: false,
  chosen: undefined,
  inline: false,
};

/** The position of a part that is written later. */
export interface WriterPlace extends Surroundings {
  readonly above: ComponentInstance;
}

/** The node that a streaming host renders in place of a `Suspense`. */
export class SuspenseNode {
  readonly props: SuspenseProps;

  constructor(props: SuspenseProps) {
    this.props = props;
  }
}

/** The state that the parts of one page share. */
export interface PageState {
  /** The prefix of the labels of custom elements. */
  readonly hostPrefix: string;
  hosts: number;
  readonly preloaded: Set<string>;
  /** The custom elements without shadow root whose styles have been written. */
  readonly styled: Set<string>;
  readonly warned: Set<string>;
}

/** @param idPrefix the prefix of the ids. Several renderings in one page need different prefixes. */
export function createPageState(idPrefix?: string): PageState {
  return {
    hostPrefix: idPrefix === undefined ? "s" : `${idPrefix}-s`,
    hosts: 0,
    preloaded: new Set(),
    styled: new Set(),
    warned: new Set(),
  };
}

function promiseError(promise: PromiseLike<unknown>): JSXNodeError {
  // No code awaits this promise. Without this handler, its rejection would end the process.
  promise.then(undefined, () => {});
  return new JSXNodeError(
    "JSX_ASYNC_NODE",
    "A promise or an async component cannot be rendered to a string: use renderToStream, or await the data first and pass it as props.",
  );
}

const quote = 34;
const endOfTag = 62;
const lineFeed = 10;
const carriageReturn = 13;
const beginningOfHole = 0;

// Faster than Object.hasOwn in a loop over the names.
const { hasOwnProperty: hasOwn } = Object.prototype;

/** Writes nodes as HTML, one after the other. */
export class HTMLWriter {
  /**
   * `svg` or `math` if the parser may be in SVG or MathML, where no raw text exists. Empty if the parser is certainly
   * in HTML.
   */
  #foreign = "";
  /** Whether an element at any level above is MathML. */
  #math: boolean;
  /**
   * Whether it is uncertain that the parser is in the vocabulary of `#foreign`. It stays true until the outermost
   * element of SVG or MathML ends. Text is then always escaped: an unnecessary escape is harmless in HTML, but a
   * missing escape is dangerous in SVG and MathML.
   */
  #unsure: boolean;
  /** Whether an element above is a `template`. Its elements are not in the page, so custom elements do not run. */
  #inert: boolean;
  /** The selected value of the current `select`, for its options. */
  #chosen: ChosenOptions | undefined;
  #inline: boolean;
  /** The raw HTML that replaces the children of the element whose start tag was written last. */
  #raw: string | undefined;
  /** An instance without hooks, which the next component reuses. */
  #spare: ComponentInstance | undefined;
  readonly #options: WriterOptions;
  readonly #page: PageState;

  constructor(options: WriterOptions, page: PageState, place: Surroundings = noSurroundings) {
    this.#options = options;
    this.#page = page;
    this.#foreign = place.foreign;
    this.#math = place.math;
    this.#unsure = place.unsure;
    this.#inert = place.inert;
    this.#chosen = place.chosen;
    this.#inline = place.inline;
  }

  /**
   * Renders a node to HTML.
   *
   * @param above the instance of the nearest component above it
   * @param take takes the HTML away, from a position on
   * @param lead the HTML before the node
   */
  render<HTML>(node: JSXNode, above: ComponentInstance, take: (from: number) => HTML, lead = ""): HTML {
    const from = position();
    try {
      writeHTML(lead);
      this.write(node, above);
      return take(from);
    } finally {
      drop(from);
    }
  }

  /** Writes a node to the page that is being rendered. */
  write(node: JSXNode, above: ComponentInstance): void {
    if (typeof node === "string") writeText(node);
    else if (isVNode(node)) {
      const { type } = node;
      if (typeof type === "string") this.#writeElement(node, findTag(type), above);
      else if (typeof type === "function") this.#writeComponent(node, above);
      else this.#writeOther(node, above);
    } else if (typeof node === "number") writeHTML(String(node));
    else if (Array.isArray(node)) for (const child of node) this.write(child, above);
    else this.#writeOther(node, above);
  }

  #writeOther(node: JSXNode, above: ComponentInstance): void {
    switch (nodeKind(node)) {
      case "empty":
        return;
      case "text":
        writeHTML(String(node));
        return;
      case "list":
        for (const child of toNodeList(node)) this.write(child, above);
        return;
      case "promise":
        if (this.#options.onPromise === undefined) throw promiseError(node as PromiseLike<unknown>);
        this.#options.onPromise(node as PromiseLike<JSXNode>, this.#placeOf(above));
        return;
      default:
        if ((node as unknown) instanceof HostChildren) {
          this.#writeHostChildren(node as unknown as HostChildren);
          return;
        }
        if ((node as unknown) instanceof SuspenseNode) {
          this.#options.onSuspense?.(node as unknown as SuspenseNode, this.#placeOf(above));
          return;
        }
        throw new JSXNodeError(
          "JSX_INVALID_NODE",
          `A value of the type ${typeof node} cannot be rendered: give a string, an element, an array of them, or null.`,
        );
    }
  }

  #placeOf(above: ComponentInstance): WriterPlace {
    const surroundings = this.#keep();
    // A template in SVG or MathML is an ordinary element.
    return { ...surroundings, above, inline: surroundings.inline || surroundings.foreign !== "" };
  }

  #keep(): Surroundings {
    return {
      foreign: this.#foreign,
      math: this.#math,
      unsure: this.#unsure,
      inert: this.#inert,
      chosen: this.#chosen,
      inline: this.#inline,
    };
  }

  #restore({ foreign, math, unsure, inert, chosen, inline }: Surroundings): void {
    this.#foreign = foreign;
    this.#math = math;
    // A tag that ends SVG also ends all outer elements of SVG and MathML.
    if (foreign === "") this.#unsure = unsure;
    this.#inert = inert;
    this.#chosen = chosen;
    this.#inline = inline;
  }

  #writeComponent(vnode: VNode, above: ComponentInstance): void {
    // If a component threw an error, the instance may have a hook. It is then not reused.
    let instance = this.#spare;
    if (instance === undefined || instance.slots !== undefined) {
      instance = createInstance(above.host, above);
      this.#spare = instance;
    }
    if (instance.host !== above.host) instance.host = above.host;
    if (instance.parent !== above) instance.parent = above;
    instance.cursor = -1;
    const node = renderComponent(instance, vnode);
    if (instance.slots === undefined) {
      // Most components have no hooks, and nothing refers to their instances: the next component reuses the instance.
      this.write(node, above);
    } else if (instance.catches === undefined) this.write(node, instance);
    else this.#writeBoundary(vnode, node, instance);
  }

  /** Writes an error boundary. If a component below it throws, its output is replaced by that of the boundary. */
  #writeBoundary(vnode: VNode, node: JSXNode, instance: ComponentInstance): void {
    const from = position();
    const place = this.#keep();
    try {
      this.write(node, instance);
    } catch (error) {
      truncate(from);
      this.#restore(place);
      if (instance.catches?.(error) !== true) throw error;
      this.write(renderComponent(instance, vnode), instance);
    }
  }

  #writeElement(vnode: VNode, tag: Tag, above: ComponentInstance): void {
    const { props, children } = vnode;
    if (this.#foreign !== "" && (tag.breaksOut || innerHTMLOf(props) !== undefined)) this.#unsure = true;
    if (tag.special || !this.#writeStart(tag, props, true)) {
      // Elements in SVG, MathML and templates are never custom elements.
      const host = this.#foreign === "" && !this.#inert ? findHost(vnode, tag) : undefined;
      if (host === undefined) this.#writeSpecial(vnode, tag, above);
      else this.#writeHost(vnode, tag, host, above);
      return;
    }
    if (tag.empty) {
      if (this.#foreign !== "" && !tag.breaksOut) writeLiteral(tag.close);
      return;
    }
    if (this.#raw !== undefined) writeHTML(this.#raw);
    else if (typeof children === "string") writeText(children);
    else if (children !== undefined) this.write(children, above);
    writeLiteral(tag.close);
  }

  /**
   * Writes a start tag. Sets `#raw` to the HTML that replaces the children.
   *
   * @param asks whether to stop at an `is`, which may make it a custom element
   * @returns false if it stopped at an `is`, and then nothing is written
   */
  #writeStart(tag: Tag, props: Props, asks: boolean): boolean {
    const { recent } = tag;
    const foreign = this.#foreign !== "";
    const from = position();
    this.#raw = undefined;
    writeLiteral(tag.open);
    let index = 0;
    for (const name in props) {
      if (!hasOwn.call(props, name)) continue;
      const value = props[name];
      let known = recent[index];
      if (known === undefined || known.name !== name) known = findAttribute(tag, index, name);
      index++;
      const { prop } = known;
      if (prop.use === "attribute") {
        if (prop.twin !== undefined && hasOwn.call(props, prop.twin)) {
          truncate(from);
          return this.#writeStart(tag, withoutTwins(props), asks);
        }
        if (asks && prop.name === "is") {
          truncate(from);
          return false;
        }
        let slot = -1;
        if (typeof value === "string" && value.length < maxKept && !foreign && known.misses < maxMisses) {
          slot = slotOf(value);
          const literal = known.literals[slot];
          if (literal !== undefined && known.values[slot] === value) {
            if (known.misses > 0) known.misses--;
            writeLiteral(literal);
            continue;
          }
        }
        const written = foreign ? prop.foreign : prop.html;
        if (typeof value === "number" && prop.danger !== "") {
          // A number has no characters that need an escape.
          writeLiteral(written.opening);
          writeHTML(String(value));
          writeByte(quote);
          continue;
        }
        const text =
          typeof value === "string" && (prop.danger === undefined || !value.includes(prop.danger))
            ? value
            : attributeTextOf(prop.name, value, tag.custom);
        if (text === undefined) continue;
        if (text === "") {
          writeLiteral(written.bare);
          continue;
        }
        const start = position();
        writeLiteral(written.opening);
        writeText(text);
        writeByte(quote);
        if (slot !== -1 && text === value) {
          known.misses++;
          if (known.changes++ < maxChanges) {
            known.values[slot] = text;
            known.literals[slot] = copyFrom(start);
          }
        }
      } else if (prop.use === "html") {
        this.#raw = innerHTMLOf(props);
      } else if (prop.use === "style") {
        const css = toStyleText(value);
        if (css === "") continue;
        writeLiteral(prop.html.opening);
        writeText(css);
        writeByte(quote);
      } else if (prop.use === "invalid") this.#warnOfName(tag, name);
    }
    writeByte(endOfTag);
    return true;
  }

  #writeSpecial(vnode: VNode, tag: Tag, above: ComponentInstance): void {
    const { name } = tag;
    const { props } = vnode;
    const before = this.#keep();
    if (name === "script") this.#writePreloads(ownProp(props, "src"));
    // Sets the namespace of the element itself. For the parser, all elements in MathML are MathML.
    if (name === "svg" && this.#foreign === "") this.#foreign = "svg";
    else if (name === "math" && this.#foreign === "") this.#foreign = "math";
    else if ((name === "mglyph" || name === "malignmark") && this.#math && this.#foreign === "") {
      // Directly in a text element of MathML, this element is MathML. Elsewhere it is HTML.
      this.#foreign = "math";
      this.#unsure = true;
    }
    this.#writeStart(tag, this.#plainProps(vnode, name), false);
    const html = this.#raw;
    if (name === "math" && this.#foreign === "math") this.#math = true;
    if (!this.#unsure && isIntegrationPoint(this.#foreign, name, props)) this.#foreign = "";
    // Inside annotation-xml, an `svg` element is SVG, although it is in MathML.
    else if (name === "annotation-xml" && this.#foreign !== "") this.#unsure = true;
    if (name === "select") this.#chosen = toChosenOptions(props);
    if (name === "template" && this.#foreign === "") {
      this.#inert = true;
      this.#chosen = undefined;
    }
    if (tag.opaque) this.#inline = true;
    this.#writeContent(vnode, tag, html, above);
    writeLiteral(tag.close);
    this.#restore(before);
  }

  /**
   * Returns the props that are attributes. The value of a `textarea` is its content, and the value of a `select`
   * selects its options.
   */
  #plainProps(vnode: VNode, name: string): Props {
    const { props } = vnode;
    switch (name) {
      case "select":
      case "textarea":
        return { ...props, value: undefined, defaultValue: undefined };
      case "option":
        if (this.#chosen === undefined) return props;
        return { selected: chooses(this.#chosen, vnode), ...withoutSelected(props) };
      default:
        return props;
    }
  }

  #writeContent(vnode: VNode, tag: Tag, html: string | undefined, above: ComponentInstance): void {
    const { name } = tag;
    const start = position();
    if (html !== undefined) writeHTML(html);
    // The content of `script` and `style` is raw text in HTML, but ordinary text in SVG and MathML.
    else if (name === "script" && this.#foreign === "")
      writeHTML(toScriptText(rawText(vnode.children, tag), ownProp(vnode.props, "type")));
    else if (name === "style" && this.#foreign === "")
      writeHTML(toStyleSheetText(rawText(vnode.children, tag)));
    else if (name === "textarea") {
      const { props } = vnode;
      const value = ownProp(props, "value") ?? ownProp(props, "defaultValue");
      this.write(attributeTextOf("value", value, false) ?? vnode.children, above);
    } else this.write(vnode.children, above);
    // The parser removes a line break at the start of these elements, so another line break is written first. NUL marks
    // content that is written later and may begin with a line break.
    if (/^(?:pre|listing|textarea)$/.test(name)) {
      const first = byteAt(start);
      if (first === lineFeed || first === carriageReturn || first === beginningOfHole)
        insert(start, lineFeed);
    }
  }

  /** Writes a custom element with the content of its component, in the form that a page hydrates. */
  #writeHost(
    vnode: VNode,
    tag: Tag,
    { component, options }: RecordedElement,
    above: ComponentInstance,
  ): void {
    const { shadowInit = { mode: "open" } } = options;
    const { attributes, props } = toHostProps(
      vnode.props,
      options,
      (prop) => this.#warnOfProp(tag, prop),
      (prop) => this.#warnOfName(tag, prop),
    );
    this.#writeStart(tag, attributes, false);
    const given = vnode.children !== undefined;
    const id = this.#page.hostPrefix + ++this.#page.hosts;
    const label = `$${id}${shadowInit === false && given ? "[" : ""}`;
    const before = this.#keep();
    this.#chosen = undefined;
    this.#inline = true;
    if (shadowInit !== false) writeHTML(`<template${shadowAttributes(shadowInit)}>`);
    writeHTML(`<!--${label}-->`);
    this.#writeStyles(options, shadowInit === false ? tag.name : undefined);
    if (shadowInit === false && given) props.children = new HostChildren(label, vnode.children, above);
    // In the browser, the custom element is the root of a separate tree.
    const root = createInstance({ ...above.host, idPrefix: id, idCount: 0 }, undefined);
    this.write(createVNode(component, props, undefined, props.children as JSXNode), root);
    this.#restore(before);
    if (shadowInit !== false) {
      writeHTML("</template>");
      this.write(vnode.children, above);
    }
    writeLiteral(tag.close);
  }

  /**
   * Writes the styles of a custom element. Without shadow root, they are written only with the first element of each
   * tag.
   */
  #writeStyles({ styles = [] }: ElementOptions, tag: string | undefined): void {
    const css = [styles].flat().join("\n");
    if (css === "" || (tag !== undefined && this.#page.styled.has(tag))) return;
    if (tag !== undefined) this.#page.styled.add(tag);
    writeHTML(`<style>${toStyleSheetText(css)}</style>`);
  }

  #writeHostChildren({ label, children, above }: HostChildren): void {
    writeHTML(`<!--[${label}-->`);
    this.write(children, above);
    writeHTML(`<!--]${label}-->`);
  }

  #warnOfProp(tag: Tag, prop: string): void {
    this.#warn(
      `<${tag.name}> ${prop}`,
      `The prop ${prop} of <${tag.name}> cannot be an attribute, so the page does not get it: declare it in the props of define() as "json", or pass a string.`,
    );
  }

  #warnOfName(tag: Tag, name: string): void {
    const quoted = JSON.stringify(name);
    this.#warn(
      `<${tag.name}> ${quoted}`,
      `The prop ${quoted} of <${tag.name}> is left out: the name of an attribute is not empty and has no spaces, quotes, "=", "/", "<" or ">".`,
    );
  }

  /** Warns a developer, once per page. */
  #warn(what: string, message: string): void {
    if (this.#page.warned.has(what)) return;
    this.#page.warned.add(what);
    this.#options.onWarning(message);
  }

  #writePreloads(src: unknown): void {
    if (typeof src !== "string") return;
    for (const url of this.#options.modulePreload?.(src) ?? []) {
      if (this.#page.preloaded.has(url)) continue;
      this.#page.preloaded.add(url);
      writeHTML('<link rel="modulepreload" href="');
      writeText(url);
      writeHTML('">');
    }
  }
}

/** Returns the definition of a custom element whose content this server renders. */
function findHost(vnode: VNode, tag: Tag): RecordedElement | undefined {
  const is = ownProp(vnode.props, "is");
  const record = findRecordedElement(typeof is === "string" ? is : tag.name);
  if (record === undefined || record.options.ssr === false) return undefined;
  return record.options.extends === (is === undefined ? undefined : tag.name) ? record : undefined;
}

function withoutSelected({ selected: _, defaultSelected: __, ...props }: Props): Props {
  return props;
}

/** Whether the parser of a browser reads the content of this SVG or MathML element as HTML. */
function isIntegrationPoint(foreign: string, name: string, props: Props): boolean {
  if (foreign === "svg") return name === "foreignobject" || name === "desc" || name === "title";
  if (foreign !== "math") return false;
  if (name !== "annotation-xml") return /^m(?:[inos]|text)$/.test(name);
  const encoding = ownProp(props, "encoding");
  return typeof encoding === "string" && /^(?:text\/html|application\/xhtml\+xml)$/i.test(encoding);
}

/** The number of values without a cached attribute, minus the number of those with one, that ends the cache of a prop. */
const maxMisses = 64;
/** The number of values of a prop that are cached, one in place of another. */
const maxChanges = 64;
/** Values with this length or more are not cached. */
const maxKept = 64;
/** The maximum number of cached attributes of one element, by position, and of a tag, by name. */
const maxRecent = 16;
const maxAttributes = 64;

/** The position of a value in the cache of its prop, which has eight positions. */
function slotOf(value: string): number {
  return (value.length * 3 + value.charCodeAt(value.length - 1)) & 7;
}

/** Finds the cache of an attribute that was not at this position in the last element. */
function findAttribute({ recent, attributes }: Tag, index: number, name: string): RecentAttribute {
  let entry = attributes.get(name);
  if (entry === undefined) {
    entry = { name, prop: findProp(name), values: [], literals: [], misses: 0, changes: 0 };
    if (attributes.size < maxAttributes) attributes.set(name, entry);
  }
  if (index < maxRecent) recent[index] = entry;
  return entry;
}

/**
 * If several props set the same attribute, keeps only the last one, as in a browser. A default is kept only if there is
 * no other prop. A prop that is undefined never replaces another prop, and neither does a `value` that is null.
 */
function withoutTwins(props: Props): Props {
  const given = Object.keys(props).filter((name) => {
    const value = props[name];
    if (value === undefined || (value === null && /^(?:value|checked|selected)$/.test(name))) return false;
    const twin = /^default[A-Z]/.test(name) ? findProp(name).name : undefined;
    return twin === undefined || ownProp(props, twin) === undefined || ownProp(props, twin) === null;
  });
  const last = new Map(given.map((name) => [findProp(name).name.toLowerCase(), name]));
  return Object.fromEntries([...last.values()].map((name) => [name, props[name]]));
}

/** Returns the text of an element that cannot contain elements. */
function rawText(children: JSXNode, tag: Tag): string {
  let text = "";
  for (const child of toNodeList(children)) {
    const kind = nodeKind(child);
    if (kind === "text") text += String(child);
    else if (kind === "list") text += rawText(child, tag);
    else if (kind !== "empty") {
      throw new JSXNodeError(
        "JSX_INVALID_RAW_TEXT",
        `<${tag.name}> can contain only text, but got a child of the type ${kind === "invalid" ? typeof child : kind}: give it strings.`,
      );
    }
  }
  return text;
}
