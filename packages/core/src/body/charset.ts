import { BadRequestError, UnsupportedMediaTypeError, withoutStack } from "../errors.js";
import { buffer as builtin } from "../platform/builtins.js";

/** Decodes text in UTF-8, US-ASCII and ISO-8859-1. Any other charset is a 415, and broken UTF-8 is a 400. */
export function decodeText(buffer: Buffer, charset: string | undefined): string {
  switch (charset) {
    case undefined:
    case "utf-8":
    case "utf8":
    case "us-ascii":
    case "ascii": {
      // Most bodies are ASCII, which needs no decoding.
      if (builtin.isAscii(buffer)) return buffer.toString("latin1");
      if (!builtin.isUtf8(buffer))
        throw withoutStack(() => new BadRequestError("The body is not valid UTF-8."));
      const text = buffer.toString("utf8");
      return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
    }
    case "iso-8859-1":
    case "latin1":
      return buffer.toString("latin1");
    default:
      throw new UnsupportedMediaTypeError(
        `The charset "${charset}" of the body is not supported: send UTF-8.`,
      );
  }
}
