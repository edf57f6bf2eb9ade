import type { OpenRequest, Response, Session } from "../exchange/types.js";

/** What `verify` gets. */
export interface VerifyArguments {
  /** The token; an empty string where the location is `free` and nothing was sent. */
  readonly token: string;
  /** The request that brought the token. */
  readonly req: OpenRequest;
  /** Its answer, for headers and cookies. */
  readonly res: Response;
}

/** Turns a token into a session, or into `null` when it is not valid. */
export type VerifySession = (
  args: VerifyArguments,
) => Session | null | undefined | Promise<Session | null | undefined>;

/**
 * Where a token can be. `subprotocol` is for WebSockets of browsers, which cannot set headers: they offer it as
 * `token.` and the token, beside their own protocol.
 */
export type TokenLocation = "header" | "cookie" | "query" | "subprotocol" | "free";

/** Where the token is. */
export interface TokenOptions {
  /**
   * One location, or several in the order in which they are looked at. Default `header`. `free` calls `verify` in any
   * case and leaves the reading to it.
   */
  readonly tokenLocation?: TokenLocation | readonly TokenLocation[] | undefined;
  /**
   * The name of the header, cookie or key, or what stands before the dot of a subprotocol, where the location is one.
   * Default `Authorization` (as `Bearer`), else `token`.
   */
  readonly tokenLocationName?: string | undefined;
  /** Other origins whose pages may send requests that change something, where the token is in a cookie. Default none. */
  readonly origins?: string | readonly string[] | undefined;
  /** Whether a request without a valid session answers 401. Default true. */
  readonly required?: boolean | undefined;
  /**
   * The page where to sign in, such as `/sign-in`. A person who asks for a page without the session that it needs is sent
   * there with 303, and the address as `next`; policies do the same. Programs get 401 as ever. Default none.
   */
  readonly signIn?: string | undefined;
  /** Only below these paths. */
  readonly path?: string | readonly string[] | undefined;
  /** Not below these paths. */
  readonly exclude?: string | readonly string[] | undefined;
}

/** The options of a session handler, in either shape. */
export type SessionHandlerOptions =
  | (TokenOptions & { readonly verify: VerifySession })
  | ({
      readonly authService: { readonly verify: VerifySession };
      readonly options?: TokenOptions | undefined;
    } & Pick<TokenOptions, "path" | "exclude">);
