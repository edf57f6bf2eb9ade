import { ForbiddenError, type MiddlewareConfig } from "miqro";
import { securityHeaders } from "../access/security-headers.js";

/** Pages of other ports of this machine count as the same site: `SameSite` does not keep them out, this does. */
export default {
  middleware: [
    securityHeaders,
    (req) => {
      const site = req.headers["sec-fetch-site"];
      if (site === undefined || site === "same-origin" || site === "none") return;
      throw new ForbiddenError("The editor answers its own page only.");
    },
  ],
} satisfies MiddlewareConfig;
