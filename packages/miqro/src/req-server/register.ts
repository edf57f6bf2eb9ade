import type { Session } from "@miqro/core";
import type { Database } from "@miqro/query";

/**
 * A project declares its services here, by declaration merging. Handlers then have the types of these services:
 *
 * - `auth`: `typeof auth`, the default export of `auth.ts`, gives `req.session` the type that `verify` returns.
 * - `db`: `typeof db`, that of `db.ts`, gives the names of the databases. The exports of several files are a union.
 * - `tables`: the rows of each table by the name of its database, such as `{ blog: { posts: { id: number } } }`.
 */
// biome-ignore lint/suspicious/noEmptyInterface: it is for projects to fill
export interface Register {}

/**
 * The type of `req.session`: the type of the registered `auth.ts`. It includes undefined if a request may have no
 * session.
 */
export type RegisteredSession = Register extends { readonly auth: infer Auth }
  ? SessionOf<Auth>
  : Session | undefined;

type SessionOf<Auth> = Auth extends { readonly authService: infer Service }
  ? VerifiedBy<Service> | WithoutSession<Auth> | WithoutSession<OptionsOf<Auth>>
  : VerifiedBy<Auth> | WithoutSession<Auth>;

type OptionsOf<Auth> = Auth extends { readonly options: infer Options } ? Options : unknown;

type VerifiedBy<Service> = Service extends { readonly verify: (...args: never) => infer Result }
  ? NonNullable<Awaited<Result>>
  : Session;

/**
 * `undefined` if the options allow requests without a session: `required` is false, or the handler covers only some
 * paths.
 */
type WithoutSession<Options> =
  Extract<keyof Options, "path" | "exclude"> extends never
    ? "required" extends keyof Options
      ? Options extends { readonly required: true }
        ? never
        : undefined
      : never
    : undefined;

type RegisteredConfig = Register extends { readonly db: infer Configs }
  ? Configs extends readonly (infer One)[]
    ? One
    : Configs
  : never;

/** The names of the databases that are registered. */
export type DatabaseName = NameOf<RegisteredConfig>;

type NameOf<Config> = Config extends { readonly name: infer Name extends string } ? Name : never;

/** The database of a registered name, with its tables. The type includes null if the config can disable it. */
export type RegisteredDatabase<Name extends string> =
  | Database<TablesOf<Name>>
  | MayBeDisabled<Extract<RegisteredConfig, { readonly name: Name }>>;

type TablesOf<Name extends string> = Register extends { readonly tables: infer All }
  ? Name extends keyof All
    ? All[Name] & object
    : AnyTables
  : AnyTables;

type AnyTables = Database extends Database<infer Schema> ? Schema : never;

type MayBeDisabled<Config> = Config extends { readonly disabled: infer Disabled }
  ? true extends Disabled
    ? null
    : never
  : never;
