import { Tokenizer, type Tokens } from "marked";

const maxDepth = 50;
const maxUrlLength = 2_048;
const maxCells = 100_000;

// Text up to what may begin something else. Unlike the library's, it does not look for bare e-mail addresses, which
// takes quadratic time.
const plainText =
  /^(?:[`~]+|[^`~])(?:(?= {2,}\n)|[\s\S]*?(?:(?=[\\<![`*~_]|https?:\/\/|ftp:\/\/|www\.|$)|[^ ](?= {2,}\n)))/;

/**
 * Reads Markdown by strangers: raw HTML is plain text, and what takes more than linear time or space is bounded.
 * Serves one text.
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

  // Missing cells are filled in: a wide header above many short rows would be a small text and a huge table.
  override table(src: string): Tokens.Table | undefined {
    const end = src.indexOf("\n");
    const columns = src.slice(0, end === -1 ? undefined : end).split("|").length;
    return columns * this.#lineCount > maxCells ? undefined : super.table(src);
  }

  override url(src: string): Tokens.Link | undefined {
    return /^(?:https?:|ftp:|www\.)/i.test(src) ? super.url(src.slice(0, maxUrlLength)) : undefined;
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
