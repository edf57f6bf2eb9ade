import type { Socket } from "node:net";

interface Handle {
  readonly writeQueueSize?: number;
  /** The handle of the connection under TLS. */
  readonly _parent?: Handle;
}

/**
 * Returns a number that grows with each byte that leaves for the client. A large body is one write, and Node counts none
 * of it as sent before its last byte has left. Only the handle knows how much of the body has left. Node's own timeout
 * asks the handle too.
 */
export function countSent(socket: Socket): number {
  const { _handle: handle } = socket as unknown as { readonly _handle?: Handle | null };
  const waiting = (handle?._parent ?? handle)?.writeQueueSize ?? 0;
  return socket.bytesWritten - socket.writableLength - waiting;
}
