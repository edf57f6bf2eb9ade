/** Whoever reads the body of a request. */
export interface BodyReader {
  /** Leaves the rest of the body, and ends the reading with an error. */
  abort(error: Error): void;
}

/** A reader that keeps the whole body, so that it needs no stream with its buffer and its backpressure. */
export interface BodySink extends BodyReader {
  take(chunk: Buffer): void;
  end(): void;
  /** The client went away before the end. */
  cut(cause: unknown): void;
}
