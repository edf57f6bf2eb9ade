import { type Middleware, SecurityHeaders } from "miqro";

/**
 * Sets the headers of every response of the editor. Only scripts of the editor run, and no other page may show the
 * editor in a frame. The editor itself shows the app in a frame.
 */
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
