import type { OpenRequest, Response, Session } from "../exchange/types.js";

/** The argument of `verify`. */
export interface VerifyArguments {
  /** The token. It is an empty string if the location is `free` and the request has no token. */
  readonly token: string;
  /** The request that brought the token. */
  readonly req: OpenRequest;
  /** The response, for headers and cookies. */
  readonly res: Response;
}

/** Turns a token into a session, or into `null` if it is not valid. */
export type VerifySession = (
  args: VerifyArguments,
) => Session | null | undefined | Promise<Session | null | undefined>;

/**
 * The place of a token. `subprotocol` is for WebSockets of browsers, which cannot set headers. The browser offers
 * `token.` and the token as a subprotocol, beside its own protocol.
 */
export type TokenLocation = "header" | "cookie" | "query" | "subprotocol" | "free";

/** The options that tell where the token is, and which requests are guarded. */
export interface TokenOptions {
  /**
   * One location, or several locations that are searched in order. Default `header`. With `free`, `verify` is always
   * called, and reads the token itself.
   */
  readonly tokenLocation?: TokenLocation | readonly TokenLocation[] | undefined;
  /**
   * The name of the header, cookie or key. For a subprotocol it is the part before the dot. Default `Authorization` (as
   * `Bearer`), else `token`.
   */
  readonly tokenLocationName?: string | undefined;
  /** Other origins whose pages may send requests that change something, if the token is in a cookie. Default none. */
  readonly origins?: string | readonly string[] | undefined;
  /** Whether a request without a valid session answers 401. Default true. */
  readonly required?: boolean | undefined;
  /**
   * The page for signing in, such as `/sign-in`. A person who requests a page without the needed session is redirected
   * to it with 303, with the requested address as `next`. Policies do the same. Programs get 401 as before. Default
   * none.
   */
  readonly signIn?: string | undefined;
  /** Guards only these patterns of routes and the paths below them. */
  readonly path?: string | readonly string[] | undefined;
  /** Does not guard these patterns of routes and the paths below them. */
  readonly exclude?: string | readonly string[] | undefined;
}

/** The options of a session handler, in either form. */
export type SessionHandlerOptions =
  | (TokenOptions & { readonly verify: VerifySession })
  | ({
      readonly authService: { readonly verify: VerifySession };
      readonly options?: TokenOptions | undefined;
    } & Pick<TokenOptions, "path" | "exclude">);
