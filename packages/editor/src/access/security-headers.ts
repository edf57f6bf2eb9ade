import { type Middleware, SecurityHeaders } from "miqro";

/** What every answer of the editor says: only its own scripts run, and nobody frames it. It frames the app. */
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
