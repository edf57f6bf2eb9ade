import { type Middleware, SecurityHeaders } from "miqro";

/** The headers of every answer of the editor: only its own scripts run, and no page frames it. It frames the app. */
export const securityHeaders: Middleware = SecurityHeaders({
  contentSecurityPolicy: {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self' 'nonce'",
    "connect-src": "'self'",
    "img-src": "'self' data:",
    "frame-src": "http: https:",
    "form-action": "'none'",
    "base-uri": "'none'",
    "object-src": "'none'",
  },
  cacheControl: "no-store, max-age=0",
});
