import { UnauthorizedError } from "../errors.js";
import { kContext, kSegments } from "../exchange/internal.js";
import type { ServedRequest, ServedResponse } from "../exchange/served.js";
import type { Middleware, OpenRequest, Request, Response, Session } from "../exchange/types.js";
import { Faults } from "../options/check-options.js";
import { kinds, type OptionKinds } from "../options/kinds.js";
import { isThenable } from "../pipeline/outcome.js";
import { loadCrypto } from "../platform/builtins.js";
import { isAnswered } from "../reply/answer.js";
import { createPathFilter } from "../routing/path-filter.js";
import { readSession } from "../session/read-session.js";

/** The argument of the `verify` of `BasicAuth`. */
export interface Credentials {
  /** The name that the client sent. */
  readonly username: string;
  /** The password that the client sent. */
  readonly password: string;
  /** The request. It has no session yet. */
  readonly req: OpenRequest;
  /** The response to the request. */
  readonly res: Response;
}

/**
 * Decides about a name and a password. It returns a session, null, or true for a session that contains only this name.
 */
export type VerifyCredentials = (
  credentials: Credentials,
) => Session | boolean | null | undefined | Promise<Session | boolean | null | undefined>;

/** The options of `BasicAuth`. Give either `users` or `verify`. */
export interface BasicAuthOptions {
  /** The passwords by user name. They are compared in constant time. */
  readonly users?: Readonly<Record<string, string>> | undefined;
  /** Decides instead of `users`. The function itself has to compare in constant time. */
  readonly verify?: VerifyCredentials | undefined;
  /** The text that browsers show, in plain ASCII without quotes. Default `Restricted`. */
  readonly realm?: string | undefined;
  /** Guards only these patterns of routes and the paths below them. Default everywhere. */
  readonly path?: string | readonly string[] | undefined;
  /** Does not guard these patterns of routes and the paths below them. */
  readonly exclude?: string | readonly string[] | undefined;
}

const basicKinds: OptionKinds<BasicAuthOptions> = {
  users: kinds.object,
  verify: kinds.call,
  realm: {
    words: "a string of plain ASCII without quotes and backslashes",
    test: (value) => typeof value === "string" && /^[\x20-\x21\x23-\x5b\x5d-\x7e]*$/.test(value),
  },
  path: kinds.texts,
  exclude: kinds.texts,
};
const form = /^Basic +([A-Za-z0-9+/]+={0,2}) *$/i;
const control = /\p{Cc}/u;
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * Asks for a name and a password (RFC 7617), and sets `req.session`. Without a valid name and password it answers 401.
 */
export function BasicAuth(options: BasicAuthOptions): Middleware {
  const what = "`BasicAuth`";
  const faults = new Faults();
  if (!faults.check<BasicAuthOptions>(options, what, basicKinds)) faults.throw(what);
  findFaults(options, faults);
  const applies = createPathFilter([options], what, faults);
  faults.throw(what);
  const verify = options.verify ?? createVerify(options.users ?? {});
  const challenge = `Basic realm="${options.realm ?? "Restricted"}", charset="UTF-8"`;
  const refuse = (): UnauthorizedError =>
    new UnauthorizedError("A valid name and password are required.", {
      headers: { "WWW-Authenticate": challenge },
    });
  return function basicAuth(given: Request, res: Response): unknown {
    const req = given as ServedRequest & OpenRequest;
    if (!applies(req[kSegments], req[kContext]?.caseSensitive === false)) return undefined;
    const found = readCredentials(req.headers.authorization);
    if (found === undefined) throw refuse();
    const settle = (value: unknown): void => {
      const session =
        value === true
          ? { account: "", username: found.username, groups: [] }
          : readSession(value, "`verify` of `BasicAuth`");
      if (session !== undefined) req.session = session;
      else if (!isAnswered(res as ServedResponse)) throw refuse();
    };
    const verdict = verify({ ...found, req, res });
    return isThenable(verdict) ? verdict.then(settle) : settle(verdict);
  };
}

function findFaults({ users, verify }: BasicAuthOptions, faults: Faults): void {
  if (faults.has("users") || faults.has("verify")) return;
  if ((users === undefined) === (verify === undefined)) {
    faults.add("users", "`BasicAuth` takes either `users`, as in { users: { ann: password } }, or `verify`.");
    return;
  }
  for (const [name, password] of Object.entries(users ?? {})) {
    const path = `users.${name}`;
    if (name === "" || name.includes(":") || control.test(name)) {
      faults.add(
        path,
        `${JSON.stringify(name)} cannot be a user name: a user name is not empty and has no colon.`,
      );
    } else if (typeof password !== "string" || password === "" || control.test(password)) {
      // An example is an environment variable that is not set.
      faults.add(path, `The password of "${name}" must be a string that is not empty.`);
    }
  }
}

function createVerify(users: Readonly<Record<string, string>>): (credentials: Credentials) => boolean {
  // A user name contains no colon, so two different pairs never give the same string. All digests have the same length.
  const digests = Object.entries(users).map(([name, password]) => digest(`${name}:${password}`));
  return ({ username, password }) => {
    const given = digest(`${username}:${password}`);
    const { timingSafeEqual } = loadCrypto();
    let isKnown = false;
    // The loop compares all of them, so that the time does not reveal which names exist.
    for (const known of digests) if (timingSafeEqual(known, given)) isKnown = true;
    return isKnown;
  };
}

function digest(text: string): Buffer {
  return loadCrypto().createHash("sha256").update(text).digest();
}

function readCredentials(header: string | undefined): { username: string; password: string } | undefined {
  const encoded = header === undefined ? undefined : form.exec(header)?.[1];
  if (encoded === undefined) return undefined;
  let text: string;
  try {
    text = decoder.decode(Buffer.from(encoded, "base64"));
  } catch {
    return undefined;
  }
  const colon = text.indexOf(":");
  if (colon === -1 || control.test(text)) return undefined;
  return { username: text.slice(0, colon), password: text.slice(colon + 1) };
}
