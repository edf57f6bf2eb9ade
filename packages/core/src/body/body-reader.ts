/** Whoever reads the body of a request. */
export interface BodyReader {
  /** Leaves the rest of the body, and ends the reading with an error. */
  abort(error: Error): void;
}
