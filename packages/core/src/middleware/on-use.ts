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

// Each is loaded when it is first called: most programs use a few of them.
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
 * what is nested more than 512 deep. Of a key that is there twice, the last value counts.
 */
export function JSONParser(options?: JSONParserOptions): Middleware {
  return loadJSONParser().JSONParser(options);
}

/**
 * Reads forms with files (`multipart/form-data`) into `req.body`: fields as strings, files as {@link UploadedFile}, a
 * repeated name as a list. More or larger parts than the limits answer 413. What was written is removed when all
 * that runs after the answer has run, also when the client goes away.
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

/** Reads forms (`application/x-www-form-urlencoded`) into `req.body`; a repeated field gives a list. At most 1000 fields. */
export function URLEncodedParser(options?: BodyParserOptions): Middleware {
  return loadURLEncodedParser().URLEncodedParser(options);
}

/** Asks for a name and a password (RFC 7617), and sets `req.session`. Without valid ones it answers 401. */
export function BasicAuth(options: BasicAuthOptions): Middleware {
  return loadBasicAuth().BasicAuth(options);
}

/**
 * Lets pages of other origins read answers (CORS protocol of the Fetch standard). A request of an origin that is neither
 * allowed nor the server's own gets 400, its preflight too. Around a route, only the innermost `CORS` decides.
 */
export function CORS(options?: CORSOptions): Middleware {
  return loadCORS().CORS(options);
}

/**
 * Refuses requests that change something and come from a page of another origin, by what browsers say of themselves:
 * `Sec-Fetch-Site`, else `Origin`. Requests with GET, HEAD and OPTIONS, and those of programs that are no browsers, pass.
 */
export function CSRF(options?: CSRFOptions): Middleware {
  return loadCSRF().CSRF(options);
}

/**
 * Tells supervisors and load balancers whether this process lives, and whether it is ready for requests. It is not ready
 * while the app closes, after `drain`, and while its `check` says no.
 */
export function Health(options?: HealthOptions): HealthMiddleware {
  return loadHealth().Health(options);
}

/**
 * Keeps sessions in an encrypted cookie, without a store: reads it, sets `req.session`, and renews it before it expires.
 * Its methods sign somebody in and out.
 */
export function SealedSession(options: SealedSessionOptions): SealedSessionMiddleware {
  return loadSealedSession().SealedSession(options);
}

/**
 * Sets the headers of OWASP's list of secure headers, before handlers run: what a handler sets itself takes their place.
 * `Clear-Site-Data`, `Cache-Control` and `Cross-Origin-Embedder-Policy` are sent where options ask for them.
 */
export function SecurityHeaders(options?: SecurityHeadersOptions): Middleware {
  return loadSecurityHeaders().SecurityHeaders(options);
}

/**
 * Reads the token of a request, has it verified, and sets `req.session`. Without a valid session it answers 401,
 * unless `required` is false. With the token in a cookie, requests that change something must come from a page of
 * this server (403).
 */
export function SessionHandler(options: SessionHandlerOptions): Middleware {
  return loadSessionHandler().SessionHandler(options);
}

/**
 * Answers 503 where everything behind it takes too long to begin an answer, and aborts `req.signal`. `handlerTimeout` is
 * for each handler alone.
 */
export function Timeout(options: TimeoutOptions): Middleware {
  return loadTimeout().Timeout(options);
}

/** Compresses answers by what the client accepts. Use it before everything whose answers it is to compress. */
export function Compression(options?: CompressionOptions): Middleware {
  return loadCompression().Compression(options);
}

/**
 * Counts the requests of all apps of the process from now on, and answers with the figures as Prometheus reads them.
 * They come from the tracing channel `miqro:request`.
 */
export function Metrics(options?: MetricsOptions): Middleware & AsyncDisposable {
  return loadMetrics().Metrics(options);
}

/**
 * Lets so many requests of each client through, and answers 429 with `Retry-After` to the rest. The headers are those of
 * draft-ietf-httpapi-ratelimit-headers-11.
 */
export function RateLimit(options: RateLimitOptions): Middleware {
  return loadRateLimit().RateLimit(options);
}
