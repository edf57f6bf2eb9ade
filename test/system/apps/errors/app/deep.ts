interface Reason {
  readonly text: string;
}

/** Throws from another file than the route. */
export function fail({ text }: Reason): never {
  throw new Error(text);
}
