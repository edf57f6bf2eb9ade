import type { ListenAddress } from "@miqro/core";

/** A message from a worker: it serves. */
export interface ListeningReport {
  readonly listening: ListenAddress;
}

/** A message from a worker: a handler asked for the end of the server. */
export interface StopRequest {
  readonly stop: true;
}

/** Whether a message of unknown type reports that a worker serves. */
export function isListeningReport(payload: unknown): payload is ListeningReport {
  const { listening } = Object(payload) as { readonly listening?: unknown };
  if (typeof listening === "string") return true;
  const { address, port } = Object(listening) as { readonly address?: unknown; readonly port?: unknown };
  return typeof address === "string" && typeof port === "number";
}

/** Whether a message of unknown type asks for the end. */
export function isStopRequest(payload: unknown): payload is StopRequest {
  return (Object(payload) as { readonly stop?: unknown }).stop === true;
}
