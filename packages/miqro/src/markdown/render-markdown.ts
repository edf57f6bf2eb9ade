import { getDefaults, Lexer, Parser, type Token } from "marked";
import { withoutByteOrderMark } from "../service/read-text.js";
import { BoundedTokenizer } from "./bounded-tokenizer.js";
import { MarkdownRenderer, SafeMarkdownRenderer } from "./markdown-renderer.js";

/** How Markdown is rendered. */
export interface MarkdownOptions {
  /** Whether the text may be trusted: raw HTML and all URLs are then kept. False by default. */
  readonly unsafe?: boolean;
}

const maxLength = 100_000;

/**
 * Renders GitHub-flavoured Markdown to HTML, with an id for each heading.
 *
 * The result is safe to print even if strangers wrote the Markdown: raw HTML is escaped, links and images keep their
 * URL only when it is relative or of the schemes http, https and (for links) mailto, and ids begin with
 * `user-content-`.
 * @throws {RangeError} when the text is not trusted and longer than 100,000 characters
 */
export function inflateMDtoHTML(markdown: string, { unsafe = false }: MarkdownOptions = {}): string {
  const text = withoutByteOrderMark(markdown);
  return unsafe ? renderTrusted(readTrusted(text)) : renderSafe(text);
}

/** Reads Markdown of the project itself. */
export function readTrusted(markdown: string): Token[] {
  return new Lexer(getDefaults()).lex(markdown);
}

/** Renders what {@link readTrusted} read. */
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
