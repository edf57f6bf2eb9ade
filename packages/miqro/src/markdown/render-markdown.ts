import { getDefaults, Lexer, Parser, type Token } from "marked";
import { withoutByteOrderMark } from "../service/read-text.js";
import { BoundedTokenizer } from "./bounded-tokenizer.js";
import { MarkdownRenderer, SafeMarkdownRenderer } from "./markdown-renderer.js";

/** The options of rendering Markdown. */
export interface MarkdownOptions {
  /** Whether the text is trusted. Raw HTML and all URLs are then kept. False by default. */
  readonly unsafe?: boolean;
}

const maxLength = 100_000;

/**
 * Renders GitHub-flavoured Markdown to HTML, with an id for each heading.
 *
 * The result is safe even if the Markdown comes from untrusted users: raw HTML is escaped; links and images keep their
 * URL only if it is relative or has the scheme http, https or (for links) mailto; ids begin with `user-content-`.
 * @throws {RangeError} if the text is not trusted and longer than 100,000 characters
 */
export function inflateMDtoHTML(markdown: string, { unsafe = false }: MarkdownOptions = {}): string {
  const text = withoutByteOrderMark(markdown);
  return unsafe ? renderTrusted(readTrusted(text)) : renderSafe(text);
}

/** Parses Markdown of the project itself. */
export function readTrusted(markdown: string): Token[] {
  return new Lexer(getDefaults()).lex(markdown);
}

/** Renders the result of {@link readTrusted}. */
export function renderTrusted(tokens: Token[]): string {
  return new Parser({ ...getDefaults(), renderer: new MarkdownRenderer() }).parse(tokens);
}

function renderSafe(markdown: string): string {
  if (markdown.length > maxLength) {
    throw new RangeError(
      `Markdown that is not trusted may have at most ${maxLength} characters, received: ${markdown.length}; refuse longer texts, or pass { unsafe: true } for your own.`,
    );
  }
  const tokens = new Lexer({ ...getDefaults(), tokenizer: new BoundedTokenizer(markdown) }).lex(markdown);
  return new Parser({ ...getDefaults(), renderer: new SafeMarkdownRenderer() }).parse(tokens);
}
