import { ForbiddenError, type Request } from "@miqro/core";
import type { MiddlewareConfig } from "miqro";

/** Lets no other site send forms in the name of a reader: browsers say where a request comes from. */
function sameOrigin({ method, headers }: Request) {
  if (method === "GET" || method === "HEAD") return;
  const { host, origin, "sec-fetch-site": site } = headers;
  const isOurs = site ? site === "same-origin" : !origin || origin.replace(/^https?:\/\//, "") === host;
  if (!isOurs) throw new ForbiddenError("This form must be sent from a page of the blog itself.");
}

export default { middleware: sameOrigin } satisfies MiddlewareConfig;
