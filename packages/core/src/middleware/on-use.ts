import type { AnyBodyOptions } from "../body/body-parser.js";
import type { BodyParserOptions } from "../body/create-body-parser.js";
import type { JSONParserOptions } from "../body/json-parser.js";
import type { MultipartOptions } from "../body/multipart-types.js";
import type { ReadBufferOptions } from "../body/read-buffer.js";
import type { Middleware } from "../exchange/types.js";
import { loadOnUse } from "../platform/builtins.js";
import type { SealedSessionMiddleware } from "../session/sealed-session.js";
import type { SealedSessionOptions } from "../session/sealed-session-options.js";
import type { SessionHandlerOptions } from "../session/types.js";
import type { BasicAuthOptions } from "./basic-auth.js";
import type { CompressionOptions } from "./compression.js";
import type { CORSOptions } from "./cors.js";
import type { CSRFOptions } from "./csrf.js";
import type { HealthMiddleware, HealthOptions } from "./health.js";
import type { MetricsOptions } from "./metrics.js";
import type { RateLimitOptions } from "./rate-limit.js";
import type { SecurityHeadersOptions } from "./security-headers.js";
import type { TimeoutOptions } from "./timeout.js";

// Each module is loaded by its first call, because most programs use only a few of them.
const loadBodyParser = loadOnUse<typeof import("../body/body-parser.js")>(
  import.meta.url,
  "../body/body-parser.js",
);
const loadJSONParser = loadOnUse<typeof import("../body/json-parser.js")>(
  import.meta.url,
  "../body/json-parser.js",
);
const loadMultipartParser = loadOnUse<typeof import("../body/multipart-parser.js")>(
  import.meta.url,
  "../body/multipart-parser.js",
);
const loadReadBuffer = loadOnUse<typeof import("../body/read-buffer.js")>(
  import.meta.url,
  "../body/read-buffer.js",
);
const loadTextParser = loadOnUse<typeof import("../body/text-parser.js")>(
  import.meta.url,
  "../body/text-parser.js",
);
const loadURLEncodedParser = loadOnUse<typeof import("../body/url-encoded-parser.js")>(
  import.meta.url,
  "../body/url-encoded-parser.js",
);
const loadBasicAuth = loadOnUse<typeof import("./basic-auth.js")>(import.meta.url, "./basic-auth.js");
const loadCompression = loadOnUse<typeof import("./compression.js")>(import.meta.url, "./compression.js");
const loadMetrics = loadOnUse<typeof import("./metrics.js")>(import.meta.url, "./metrics.js");
const loadRateLimit = loadOnUse<typeof import("./rate-limit.js")>(import.meta.url, "./rate-limit.js");
const loadCORS = loadOnUse<typeof import("./cors.js")>(import.meta.url, "./cors.js");
const loadCSRF = loadOnUse<typeof import("./csrf.js")>(import.meta.url, "./csrf.js");
const loadHealth = loadOnUse<typeof import("./health.js")>(import.meta.url, "./health.js");
const loadSecurityHeaders = loadOnUse<typeof import("./security-headers.js")>(
  import.meta.url,
  "./security-headers.js",
);
const loadSealedSession = loadOnUse<typeof import("../session/sealed-session.js")>(
  import.meta.url,
  "../session/sealed-session.js",
);
const loadSessionHandler = loadOnUse<typeof import("../session/session-handler.js")>(
  import.meta.url,
  "../session/session-handler.js",
);
const loadTimeout = loadOnUse<typeof import("./timeout.js")>(import.meta.url, "./timeout.js");

/** Reads JSON, forms, text and forms with files into `req.body`, each by its content type. */
export function BodyParser(options?: AnyBodyOptions): Middleware {
  return loadBodyParser().BodyParser(options);
}

/**
 * Reads bodies of `application/json` and `application/*+json` into `req.body`. Broken JSON answers 400, and so does
 * JSON that is nested more than 512 levels deep. If a key occurs twice, the last value counts.
 */
export function JSONParser(options?: JSONParserOptions): Middleware {
  return loadJSONParser().JSONParser(options);
}

/**
 * Reads forms with files (`multipart/form-data`) into `req.body`. Fields become strings, files become {@link
 * UploadedFile}, and a repeated name becomes an array. More or larger parts than the limits answer 413. The files are
 * removed when all steps after the answer have run, even if the client goes away.
 */
export function MultipartParser(options?: MultipartOptions): Middleware {
  return loadMultipartParser().MultipartParser(options);
}

/** Reads bodies of any type into `req.buffer`, and parses nothing. */
export function ReadBuffer(options?: ReadBufferOptions): Middleware {
  return loadReadBuffer().ReadBuffer(options);
}

/** Reads bodies of `text/*` into `req.body` as a string. */
export function TextParser(options?: BodyParserOptions): Middleware {
  return loadTextParser().TextParser(options);
}

/**
 * Reads forms (`application/x-www-form-urlencoded`) into `req.body`. A repeated field becomes an array. At most 1000
 * fields.
 */
export function URLEncodedParser(options?: BodyParserOptions): Middleware {
  return loadURLEncodedParser().URLEncodedParser(options);
}

/**
 * Asks for a name and a password (RFC 7617), and sets `req.session`. Without a valid name and password it answers 401.
 */
export function BasicAuth(options: BasicAuthOptions): Middleware {
  return loadBasicAuth().BasicAuth(options);
}

/**
 * Lets pages of other origins read answers (CORS protocol of the Fetch standard). A request of an origin that is
 * neither allowed nor the server's own gets 400, and so does its preflight. If several `CORS` are around a route, or
 * around a `Static` that has the file, only the innermost one decides.
 */
export function CORS(options?: CORSOptions): Middleware {
  return loadCORS().CORS(options);
}

/**
 * Refuses requests that change something and come from a page of another origin. It uses `Sec-Fetch-Site` of browsers,
 * else `Origin`. Requests with GET, HEAD and OPTIONS pass, and so do requests of programs that are not browsers.
 */
export function CSRF(options?: CSRFOptions): Middleware {
  return loadCSRF().CSRF(options);
}

/**
 * Reports to supervisors and load balancers whether this process runs, and whether it is ready for requests. It is not
 * ready while the app closes, after `drain`, and while `check` returns false.
 */
export function Health(options?: HealthOptions): HealthMiddleware {
  return loadHealth().Health(options);
}

/**
 * Keeps sessions in an encrypted cookie, without a store. It reads the cookie, sets `req.session`, and renews the
 * cookie before it expires. Its methods sign users in and out.
 */
export function SealedSession(options: SealedSessionOptions): SealedSessionMiddleware {
  return loadSealedSession().SealedSession(options);
}

/**
 * Sets the headers of OWASP's list of secure headers, before handlers run. A header that a handler sets replaces them.
 * `Clear-Site-Data`, `Cache-Control` and `Cross-Origin-Embedder-Policy` are sent only if an option asks for them.
 */
export function SecurityHeaders(options?: SecurityHeadersOptions): Middleware {
  return loadSecurityHeaders().SecurityHeaders(options);
}

/**
 * Reads the token of a request, lets `verify` check it, and sets `req.session`. Without a valid session it answers 401,
 * unless `required` is false. If the token is in a cookie, requests that change something must come from a page of this
 * server (otherwise 403).
 */
export function SessionHandler(options: SessionHandlerOptions): Middleware {
  return loadSessionHandler().SessionHandler(options);
}

/**
 * Answers 503 if all steps behind it together take too long to begin an answer, and aborts `req.signal`.
 * `handlerTimeout` limits each handler alone.
 */
export function Timeout(options: TimeoutOptions): Middleware {
  return loadTimeout().Timeout(options);
}

/** Compresses answers by `Accept-Encoding`. Use it before the handlers whose answers it should compress. */
export function Compression(options?: CompressionOptions): Middleware {
  return loadCompression().Compression(options);
}

/**
 * Counts the requests of all apps of the process from now on, and answers with the figures in the format of Prometheus.
 * The figures come from the tracing channel `miqro:request`.
 */
export function Metrics(options?: MetricsOptions): Middleware & AsyncDisposable {
  return loadMetrics().Metrics(options);
}

/**
 * Limits the requests of each client, and answers 429 with `Retry-After` to the rest. The headers follow
 * draft-ietf-httpapi-ratelimit-headers-11.
 */
export function RateLimit(options: RateLimitOptions): Middleware {
  return loadRateLimit().RateLimit(options);
}
