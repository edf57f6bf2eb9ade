/**
 * Makes the one frame of a whole message, as a server sends it (RFC 6455 5.2: not masked, not compressed). A
 * broadcast makes it once for all clients.
 */
export function createFrame(payload: string | Uint8Array): Buffer {
  const data = typeof payload === "string" ? Buffer.from(payload) : payload;
  const { byteLength: length } = data;
  const headLength = length < 126 ? 2 : length < 65_536 ? 4 : 10;
  const frame = Buffer.allocUnsafe(headLength + length);
  const opcode = typeof payload === "string" ? 1 : 2;
  frame[0] = 0x80 | opcode;
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
