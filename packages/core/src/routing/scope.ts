import type { Step, StepPlace } from "../exchange/served.js";
import type { ErrorHandler } from "../exchange/types.js";
import type { ScopeHooks } from "../plugins/compile-scope.js";
import type { Pattern } from "./pattern.js";
import type { TrieNode } from "./trie.js";

/** A route with its position. The trie finds it. */
export interface PlacedRoute {
  readonly service: number;
  readonly scope: Scope;
  readonly pattern: Pattern;
  /** The position in the order of registration. All patterns of a route share it. */
  readonly order: number;
  readonly methods: readonly string[];
  readonly steps: readonly Step[];
}

/** A step that runs for everything below a node. */
export interface PlacedStep {
  readonly node: TrieNode<PlacedRoute>;
  readonly step: Step;
}

/** One step at all its positions in the trie. The first live position runs it. */
export type PlacedGuard = readonly PlacedStep[];

/** A mounted router, with the parts that its routes share. */
export interface Scope {
  readonly parent: Scope | undefined;
  readonly depth: number;
  readonly place: StepPlace;
  /** Live if a path is at or below the scope's prefix. */
  readonly node: TrieNode<PlacedRoute>;
  /** The longest time of one handler, in milliseconds; 0 is no limit. */
  readonly timeout: number;
  /** The error handlers of the scope and of the scopes around it, innermost first. */
  readonly catchers: readonly ErrorHandler[];
  /** The scope's own handlers for unanswered requests. */
  readonly unanswered: readonly ErrorHandler[];
  /** The middleware. If there are steps after the answer, the first step notes them. */
  readonly guards: readonly PlacedGuard[];
  readonly fallbacks: readonly PlacedGuard[];
  /** The hooks of the scope, or of the nearest scope around it that has hooks. */
  readonly hooks: ScopeHooks | undefined;
}

/** A unit of the order of steps: its guards, routes and fallbacks run before those of the next service. */
export interface Service {
  readonly scopes: readonly Scope[];
}
