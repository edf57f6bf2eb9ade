import { ForbiddenError, type MiddlewareConfig } from "miqro";
import { securityHeaders } from "../access/security-headers.js";

/**
 * Refuses requests of pages on other ports of this machine. `SameSite` allows them, because they count as the same
 * site.
 */
export default {
  middleware: [
    securityHeaders,
    (req) => {
      const site = req.headers["sec-fetch-site"];
      if (site === undefined || site === "same-origin" || site === "none") return;
      throw new ForbiddenError("The editor accepts requests of its own page only.");
    },
  ],
} satisfies MiddlewareConfig;
