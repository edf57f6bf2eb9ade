import type { Conclusion, Pipeline, Step } from "../exchange/served.js";
import type { ErrorHandler } from "../exchange/types.js";
import type { LoggerLike } from "../log/types.js";
import { allMethods, fitsMethod, upgradeMethod } from "./methods.js";
import { compareSpecificity, fold, type Pattern } from "./pattern.js";
import { placeRouters, type RouteTrie } from "./place-routers.js";
import type { RouterRecords } from "./records.js";
import type { PlacedGuard, PlacedRoute, Scope, Service } from "./scope.js";
import { SegmentTrie, type TrieState } from "./trie.js";

// A path is mostly asked for by one method: the others are a list behind it.
interface Pipelines {
  readonly method: string;
  readonly pipeline: Pipeline;
  readonly next: Pipelines | undefined;
}

/** Finds the pipeline of a request: one look-up per segment, and one for the method. */
export class RoutingTable {
  readonly #trie: RouteTrie<Pipelines>;
  readonly #folds: boolean;
  readonly #services: readonly Service[];
  readonly #toRequestLogger: (identifier: string) => LoggerLike | undefined;

  /**
   * @param app What the router was told that holds everything.
   * @param toRequestLogger Gives the logger for lines per request, where they are wanted for an identifier.
   * @param caseSensitive Whether `/a` and `/A` are two paths.
   */
  constructor(
    app: RouterRecords,
    toRequestLogger: (identifier: string) => LoggerLike | undefined = () => undefined,
    caseSensitive = true,
  ) {
    this.#folds = !caseSensitive;
    this.#trie = new SegmentTrie(undefined, caseSensitive ? undefined : fold);
    this.#services = placeRouters(app, this.#trie);
    this.#toRequestLogger = toRequestLogger;
  }

  /** The error handlers of the app itself. */
  get catchers(): readonly ErrorHandler[] {
    return this.#services[0]?.scopes[0]?.catchers ?? [];
  }

  /** Finds what runs for a normalised path, and the segments where decoding made a difference. */
  find(path: string, segments: readonly string[] | undefined, method: string): Pipeline {
    const state = this.#match(path, segments);
    for (let known = state.memo; known !== undefined; known = known.next) {
      if (known.method === method) return known.pipeline;
    }
    const pipeline = this.#build(state, method);
    state.memo = { method, pipeline, next: state.memo };
    return pipeline;
  }

  #match(path: string, segments: readonly string[] | undefined): TrieState<PlacedRoute, Pipelines> {
    if (segments !== undefined) return this.#trie.matchSegments(this.#folds ? segments.map(fold) : segments);
    return this.#trie.matchPath(this.#folds ? fold(path) : path);
  }

  #build(state: TrieState<PlacedRoute, Pipelines>, method: string): Pipeline {
    const live: ReadonlySet<unknown> = new Set(state.nodes);
    const routes = state.nodes.flatMap((node) => node.entries);
    const fitting = routes.filter((route) => fitsMethod(route.methods, method)).sort(compareRoutes(method));
    const isUpgrade = method === upgradeMethod;
    const steps: Step[] = [];
    const entered = new Set<Scope>();
    const add = (guards: readonly PlacedGuard[]): void => {
      for (const places of guards) {
        const place = places.find(({ node }) => live.has(node));
        if (place !== undefined) steps.push(place.step);
      }
    };
    const enter = (scope: Scope): void => {
      if (entered.has(scope)) return;
      if (scope.parent !== undefined) enter(scope.parent);
      entered.add(scope);
      add(scope.guards);
    };
    for (const [index, { scopes }] of this.#services.entries()) {
      if (scopes[0] !== undefined) enter(scopes[0]);
      const own = fitting.filter((route) => route.service === index);
      // A route that fits with several of its paths runs once, with the most exact one.
      const placed = new Set<number>();
      for (const route of own) {
        if (placed.has(route.order)) continue;
        placed.add(route.order);
        enter(route.scope);
        steps.push(...route.steps);
      }
      // The service that owns the path of a socket is the last one that sees its upgrade.
      if (isUpgrade && own.length > 0) break;
      const around = scopes.filter((scope) => live.has(scope.node));
      for (const scope of around) enter(scope);
      if (isUpgrade) continue;
      for (const scope of around.toSorted((a, b) => b.depth - a.depth)) add(scope.fallbacks);
    }
    const identifier = toIdentifier(fitting[0]?.pattern, isUpgrade ? "WS" : method);
    return {
      steps,
      answers: fitting.length > 0,
      conclusion: toConclusion(routes, method),
      end: toEnd([...entered], this.#services[0]?.scopes[0]),
      identifier,
      requestLogger: this.#toRequestLogger(identifier),
    };
  }
}

/** The handlers for what nothing answered: of the scopes that were entered, the last first, and then those of the app. */
function toEnd(entered: readonly Scope[], app: Scope | undefined): Step {
  return {
    run: () => undefined,
    answers: false,
    slots: undefined,
    tail: 0,
    catchers: [...entered.toReversed().flatMap((scope) => scope.unanswered), ...(app?.catchers ?? [])],
    timeout: app?.timeout ?? 0,
    label: undefined,
    route: undefined,
    place: app?.place ?? { parent: undefined },
  };
}

// Service first, then specificity, then registration; a route for HEAD itself before one that HEAD falls back to.
function compareRoutes(method: string): (a: PlacedRoute, b: PlacedRoute) => number {
  const fallsBack = (route: PlacedRoute): number => (route.methods.includes(method) ? 0 : 1);
  return (a, b) =>
    a.service - b.service ||
    compareSpecificity(a.pattern, b.pattern) ||
    (method === "HEAD" ? fallsBack(a) - fallsBack(b) : 0) ||
    a.order - b.order;
}

function toConclusion(routes: readonly PlacedRoute[], method: string): Conclusion {
  const methods = new Set(routes.flatMap((route) => route.methods));
  const hasSocket = methods.delete(upgradeMethod);
  const reads = method === "GET" || method === "HEAD";
  if (method === upgradeMethod || methods.has(allMethods) || methods.has(method))
    return { kind: "not-found" };
  if (method === "HEAD" && methods.has("GET")) return { kind: "not-found" };
  if (hasSocket && reads) return { kind: "upgrade-required" };
  // An upgrade is a GET.
  if (hasSocket) methods.add("GET");
  if (methods.size === 0) return { kind: "not-found" };
  return { kind: method === "OPTIONS" ? "options" : "method-not-allowed", methods };
}

/** Names a route for loggers and their environment variables: `POSTS_ID_GET` for GET /posts/:id. */
export function toIdentifier(pattern: Pattern | undefined, method: string): string {
  const words = (pattern ?? []).map((token) =>
    token.kind === "static" ? token.text : token.kind === "param" ? token.name : "",
  );
  return [...words, method]
    .map((word) => word.replace(/[^A-Za-z0-9]+/g, "_").replace(/^_+|_+$/g, ""))
    .filter((word) => word !== "")
    .join("_")
    .toUpperCase();
}
