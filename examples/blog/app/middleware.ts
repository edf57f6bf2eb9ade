import { CSRF, type MiddlewareConfig } from "miqro";

/** Lets no other site send forms in the name of a reader. */
export default { middleware: CSRF() } satisfies MiddlewareConfig;
