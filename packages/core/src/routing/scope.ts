import type { Step, StepPlace } from "../exchange/served.js";
import type { ErrorHandler } from "../exchange/types.js";
import type { ScopeHooks } from "../plugins/compile-scope.js";
import type { Pattern } from "./pattern.js";
import type { TrieNode } from "./trie.js";

/** A route in its place: what the trie leads to. */
export interface PlacedRoute {
  readonly service: number;
  readonly scope: Scope;
  readonly pattern: Pattern;
  /** The place in the order of registration; one for all patterns of a route. */
  readonly order: number;
  readonly methods: readonly string[];
  readonly steps: readonly Step[];
}

/** A step that runs for everything below a node. */
export interface PlacedStep {
  readonly node: TrieNode<PlacedRoute>;
  readonly step: Step;
}

/** One step in all its places, of which the first that is live runs. */
export type PlacedGuard = readonly PlacedStep[];

/** A router in its place: what its routes share. */
export interface Scope {
  readonly parent: Scope | undefined;
  readonly depth: number;
  readonly place: StepPlace;
  /** Live when a path is at or below the scope's prefix. */
  readonly node: TrieNode<PlacedRoute>;
  /** How long one handler may take, in milliseconds; 0 is no limit. */
  readonly timeout: number;
  /** The error handlers of the scope and of those around it, innermost first. */
  readonly catchers: readonly ErrorHandler[];
  /** The handlers of the scope itself for what nothing answered. */
  readonly unanswered: readonly ErrorHandler[];
  /** Middleware; and first, where something runs after the answer, the step that notes it. */
  readonly guards: readonly PlacedGuard[];
  readonly fallbacks: readonly PlacedGuard[];
  /** The hooks of the scope, or of the nearest one around it that has some. */
  readonly hooks: ScopeHooks | undefined;
}

/** A unit of the order: its guards, routes and fallbacks run before those of the next service. */
export interface Service {
  readonly scopes: readonly Scope[];
}
