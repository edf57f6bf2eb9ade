import { Renderer, type Tokens } from "marked";
import { decodeReferences, toHTMLText } from "./html-text.js";
import { toSafeURL } from "./safe-url.js";

/** Writes HTML, with an id for each heading. An instance is used for one text. The ids are unique in this text. */
export class MarkdownRenderer extends Renderer {
  /** The prefix of ids. */
  readonly idPrefix: string = "";
  /** How often a slug was used, by a heading or as the result of a number that was added to another slug. */
  readonly #slugs = new Map<string, number>();

  override heading({ tokens, depth }: Tokens.Heading): string {
    const text = decodeReferences(this.parser.parseInline(tokens, this.parser.textRenderer));
    const id = this.#uniqueId(toSlug(text));
    return `<h${depth} id="${toHTMLText(this.idPrefix + id)}">${this.parser.parseInline(tokens)}</h${depth}>\n`;
  }

  #uniqueId(slug: string): string {
    let count = this.#slugs.get(slug) ?? 0;
    let id = count === 0 ? slug : `${slug}-${count}`;
    while (count > 0 && this.#slugs.has(id)) id = `${slug}-${++count}`;
    this.#slugs.set(slug, count + 1);
    if (id !== slug) this.#slugs.set(id, 1);
    return id;
  }
}

/** Writes HTML that is harmless for any text. */
export class SafeMarkdownRenderer extends MarkdownRenderer {
  // Without the prefix, the id of a heading could replace an element or a global variable that a script of the page
  // uses.
  override readonly idPrefix = "user-content-";

  override html({ text }: Tokens.HTML | Tokens.Tag): string {
    return toHTMLText(text);
  }

  override link({ href, title, tokens, autolink }: Tokens.Link): string {
    const content = this.parser.parseInline(tokens);
    const url = toSafeURL(autolink === true ? href : decodeReferences(href), "link");
    if (url === undefined) return content;
    const target = url.startsWith("#") ? `#${this.idPrefix}${url.slice(1)}` : url;
    return `<a href="${toHTMLText(target)}"${toTitle(title)}>${content}</a>`;
  }

  override image({ href, title, text, tokens }: Tokens.Image): string {
    const plain = tokens.length === 0 ? text : this.parser.parseInline(tokens, this.parser.textRenderer);
    const alternative = toHTMLText(decodeReferences(plain));
    const url = toSafeURL(decodeReferences(href), "image");
    if (url === undefined) return alternative;
    return `<img src="${toHTMLText(url)}" alt="${alternative}"${toTitle(title)}>`;
  }
}

function toTitle(title: string | null | undefined): string {
  return title ? ` title="${toHTMLText(decodeReferences(title))}"` : "";
}

/** The form that GitHub gives to the anchors of headings. */
function toSlug(text: string): string {
  const slug = text
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{M}\p{N}\p{Pc}\s-]/gu, "")
    .trim()
    .replaceAll(/\s/g, "-");
  return slug === "" ? "section" : slug;
}
