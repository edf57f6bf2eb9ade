import { loadOnUse } from "../platform/builtins.js";

const loadDeflate = loadOnUse<typeof import("./deflate.js")>(import.meta.url, "./deflate.js");

/** An unmasked ping without content. */
export const pingFrame: Buffer = Buffer.from([0x89, 0]);

/** A message on its way to clients. A broadcast makes each form of the message only once for all clients. */
export class OutgoingMessage {
  readonly #payload: string | Uint8Array;
  readonly #threshold: number;
  #plain: Buffer | undefined;
  #compressed: Buffer | undefined;

  /** @param threshold The size from which the message is compressed, for clients that support it. */
  constructor(payload: string | Uint8Array, threshold: number) {
    this.#payload = payload;
    this.#threshold = threshold;
  }

  get plain(): Buffer {
    this.#plain ??= createFrame(this.#payload);
    return this.#plain;
  }

  get compressed(): Buffer {
    if (this.#compressed === undefined) {
      const payload = this.#payload;
      const data = typeof payload === "string" ? Buffer.from(payload) : payload;
      this.#compressed =
        data.byteLength < this.#threshold
          ? this.plain
          : createFrame(loadDeflate().deflateMessage(data), (typeof payload === "string" ? 1 : 2) | 0x40);
    }
    return this.#compressed;
  }
}

/**
 * Makes the frame of a whole message, as a server sends it (RFC 6455 5.2: not masked).
 *
 * @param code The opcode, with the bit of an extension if one was applied.
 */
function createFrame(
  payload: string | Uint8Array,
  code: number = typeof payload === "string" ? 1 : 2,
): Buffer {
  const data = typeof payload === "string" ? Buffer.from(payload) : payload;
  const { byteLength: length } = data;
  const headLength = length < 126 ? 2 : length < 65_536 ? 4 : 10;
  const frame = Buffer.allocUnsafe(headLength + length);
  frame[0] = 0x80 | code;
  if (headLength === 2) {
    frame[1] = length;
  } else if (headLength === 4) {
    frame[1] = 126;
    frame.writeUInt16BE(length, 2);
  } else {
    frame[1] = 127;
    frame.writeBigUInt64BE(BigInt(length), 2);
  }
  frame.set(data, headLength);
  return frame;
}
