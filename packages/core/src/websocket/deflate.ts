/**
 * Compresses a message for permessage-deflate without context (RFC 7692 7.2.1), so that all clients can get the same
 * result.
 */
export function deflateMessage(data: Uint8Array): Buffer {
  const zlib = process.getBuiltinModule("node:zlib");
  const deflated = zlib.deflateRawSync(data, { finishFlush: zlib.constants.Z_SYNC_FLUSH });
  // The last four bytes are always the same, and the other side adds them.
  return deflated.subarray(0, -4);
}
