import type { ErrorHandler, Middleware } from "../exchange/types.js";
import type { HookRecord, Plugin } from "../plugins/plugin.js";
import type { WebSocketServer } from "../websocket/websocket-server.js";
import type { Pattern } from "./pattern.js";
import type { StepPlan } from "./route-steps.js";
import type { RouteOptions } from "./types.js";

/** A handler that runs before routes, at and below its paths. */
export interface GuardRecord {
  /** Relative to the router, the most exact one first: of several that fit a request only the first counts. */
  readonly patterns: readonly Pattern[];
  readonly plan: StepPlan;
}

/** A route, relative to its router. */
export interface RouteRecord {
  /** The place among the routes and routers of its router. */
  readonly order: number;
  readonly patterns: readonly Pattern[];
  readonly methods: readonly string[];
  readonly plans: readonly StepPlan[];
  readonly options: RouteOptions;
}

/** A router inside another, by its own records. */
export interface MountRecord {
  /** The place among the routes and routers of its router. */
  readonly order: number;
  /** `undefined` when it was mounted without a path. */
  readonly pattern: Pattern | undefined;
  readonly records: RouterRecords;
  readonly guards: readonly StepPlan[];
}

/** A plugin that is still to be set up. */
export interface PluginRecord {
  readonly plugin: Plugin;
  /** The router that it adds to. */
  readonly router: object;
  /** The file that registered it. */
  readonly origin: string | undefined;
}

/** All that a router was told. */
export interface RouterRecords {
  /** In milliseconds; `undefined` takes that of the router around it. */
  readonly handlerTimeout: number | undefined;
  readonly guards: GuardRecord[];
  readonly routes: RouteRecord[];
  readonly mounts: MountRecord[];
  readonly fallbacks: StepPlan[];
  readonly catchers: ErrorHandler[];
  readonly unanswered: ErrorHandler[];
  readonly after: Middleware[];
  /** In the order of registration. */
  readonly hooks: HookRecord[];
  /** Those that are not set up yet. */
  readonly plugins: PluginRecord[];
  /** Every plugin that was registered. */
  readonly registered: Plugin[];
  readonly sockets: WebSocketServer[];
}
