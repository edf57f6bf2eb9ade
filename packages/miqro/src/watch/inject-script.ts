import { Transform } from "node:stream";

/** The number of bytes of a page in which the doctype is searched. */
const longestStart = 4096;

/** Adds a script to a page: after its doctype, or at its beginning if it has none. */
export function injectScript(page: string | Uint8Array, tag: string): string | Buffer {
  if (typeof page === "string") return insert(page, tag);
  const bytes = Buffer.from(page.buffer, page.byteOffset, page.byteLength);
  // Each byte becomes one character. This works for any encoding, because the doctype is ASCII.
  return Buffer.from(insert(bytes.toString("latin1"), tag), "latin1");
}

/** Does the same for a page that arrives in parts. */
export function createScriptInjector(tag: string): Transform {
  let start: Buffer | undefined = Buffer.alloc(0);
  return new Transform({
    transform(chunk: Buffer | string, encoding, done) {
      const bytes = typeof chunk === "string" ? Buffer.from(chunk, encoding) : chunk;
      if (start === undefined) return done(null, bytes);
      start = Buffer.concat([start, bytes]);
      if (!doctype.test(start.toString("latin1")) && start.length < longestStart) return done();
      const whole = injectScript(start, tag);
      start = undefined;
      return done(null, whole);
    },
    flush(done) {
      if (start === undefined || start.length === 0) done();
      else done(null, injectScript(start, tag));
    },
  });
}

const doctype = /^(?:\xef\xbb\xbf|\uFEFF)?\s*(?:<!--[\s\S]*?-->\s*)*<!doctype[^>]*>/i;

function insert(page: string, tag: string): string {
  const end = doctype.exec(page)?.[0].length ?? 0;
  return page.slice(0, end) + tag + page.slice(end);
}
