import { Tokenizer, type Tokens } from "marked";

const maxDepth = 50;
const maxURLLength = 2_048;
const maxCells = 100_000;

// Text up to the next character that may begin other syntax. Unlike the library's pattern, this one does not look for
// e-mail addresses without brackets, because this search takes quadratic time.
const plainText =
  /^(?:[`~]+|[^`~])(?:(?= {2,}\n)|[\s\S]*?(?:(?=[\\<![`*~_]|https?:\/\/|ftp:\/\/|www\.|$)|[^ ](?= {2,}\n)))/;

/**
 * Reads Markdown of untrusted authors: raw HTML is plain text, and syntax that takes more than linear time or space is
 * limited. An instance is used for one text.
 */
export class BoundedTokenizer extends Tokenizer {
  readonly #lineCount: number;
  #depth = 0;

  /** @param text the Markdown to be read */
  constructor(text: string) {
    super();
    this.#lineCount = text.split(/\r\n|\r|\n/).length;
  }

  override html(): undefined {}
  override tag(): undefined {}

  override blockquote(src: string): Tokens.Blockquote | undefined {
    return this.#nested(() => super.blockquote(src));
  }

  override list(src: string): Tokens.List | undefined {
    return this.#nested(() => super.list(src));
  }

  override emStrong(src: string, masked: string, previous?: string): Tokens.Em | Tokens.Strong | undefined {
    return this.#nested(() => super.emStrong(src, masked, previous));
  }

  override del(src: string, masked: string, previous?: string): Tokens.Del | undefined {
    return this.#nested(() => super.del(src, masked, previous));
  }

  // Markdown fills in missing cells, so a wide header above many short rows would turn a short text into a huge table.
  override table(src: string): Tokens.Table | undefined {
    const end = src.indexOf("\n");
    const columns = src.slice(0, end === -1 ? undefined : end).split("|").length;
    return columns * this.#lineCount > maxCells ? undefined : super.table(src);
  }

  override url(src: string): Tokens.Link | undefined {
    return /^(?:https?:|ftp:|www\.)/i.test(src) ? super.url(src.slice(0, maxURLLength)) : undefined;
  }

  override inlineText(src: string): Tokens.Text | undefined {
    const [raw] = plainText.exec(src) ?? [];
    return raw === undefined ? undefined : { type: "text", raw, text: raw, escaped: false };
  }

  #nested<Token>(read: () => Token | undefined): Token | undefined {
    if (this.#depth >= maxDepth) return undefined;
    this.#depth++;
    try {
      return read();
    } finally {
      this.#depth--;
    }
  }
}
