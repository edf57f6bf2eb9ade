import { ForbiddenError, type Request } from "@miqro/core";
import type { MiddlewareConfig } from "miqro";

/** Lets no other site send forms in the name of a reader: browsers say where a request comes from. */
function sameOrigin({ method, headers }: Request) {
  if (method === "GET" || method === "HEAD") return;
  const { host, origin, "sec-fetch-site": site } = headers;
  // Without the first header, from an older browser or plain HTTP, the second one tells.
  const isOurs = site
    ? /^(same-origin|none)$/.test(site)
    : !origin || /^https?:\/\/(.*)$/.exec(origin)?.[1] === host;
  if (!isOurs) throw new ForbiddenError("This form must be sent from a page of the blog itself.");
}

export default { middleware: sameOrigin } satisfies MiddlewareConfig;
