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

/** Where the token is. */
export interface TokenOptions {
  /** Default `header`. `free` calls `verify` in any case and leaves the reading to it. */
  readonly tokenLocation?: "header" | "cookie" | "query" | "free" | undefined;
  /** The name of the header, cookie or key. Default `Authorization` (as `Bearer`), else `token`. */
  readonly tokenLocationName?: string | undefined;
  /** Whether a request without a valid session answers 401. Default true. */
  readonly required?: boolean | undefined;
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
