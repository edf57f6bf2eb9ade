import type { ListenAddress } from "@miqro/core";

/** From a worker: it serves. */
export interface ListeningReport {
  readonly listening: ListenAddress;
}

/** From a worker: a handler asked for the end of the server. */
export interface StopRequest {
  readonly stop: true;
}

/** Whether a message, which can be anything, says that a worker serves. */
export function isListeningReport(payload: unknown): payload is ListeningReport {
  const { listening } = Object(payload) as { readonly listening?: unknown };
  if (typeof listening === "string") return true;
  const { address, port } = Object(listening) as { readonly address?: unknown; readonly port?: unknown };
  return typeof address === "string" && typeof port === "number";
}

/** Whether a message, which can be anything, asks for the end. */
export function isStopRequest(payload: unknown): payload is StopRequest {
  return (Object(payload) as { readonly stop?: unknown }).stop === true;
}
