import { kContext } from "../exchange/internal.js";
import type { ParamSlot, ServedResponse, Step } from "../exchange/served.js";
import type { Middleware } from "../exchange/types.js";
import { loadOnUse } from "../platform/builtins.js";
import { joinPatterns, type Pattern, toPath, toSlots } from "./pattern.js";
import type { MountRecord, RouteRecord, RouterRecords } from "./records.js";
import type { StepPlan } from "./route-steps.js";
import type { PlacedGuard, PlacedRoute, Scope, Service } from "./scope.js";
import type { SegmentTrie } from "./trie.js";

// Loaded with the first router that has hooks.
const loadHooks = loadOnUse<typeof import("../plugins/compile-scope.js")>(
  import.meta.url,
  "../plugins/compile-scope.js",
);

/** The trie of an app. */
export type RouteTrie<Memo> = SegmentTrie<PlacedRoute, Memo>;

/**
 * Puts all routers of an app into the trie. The first service is the app itself, with the routers that it mounts at a
 * path. Each router that it mounts without a path is another service, in the order of mounting.
 */
export function placeRouters<Memo>(app: RouterRecords, trie: RouteTrie<Memo>): Service[] {
  const placer = new Placer(trie);
  const services: MountRecord[] = [];
  const own: MountRecord[] = [];
  for (const mount of app.mounts) (mount.pattern === undefined ? services : own).push(mount);
  const root = placer.openService(app, [], undefined, own);
  for (const { records, guards } of services) placer.openService(records, guards, root, records.mounts);
  return placer.services;
}

class Placer<Memo> {
  readonly services: Service[] = [];
  readonly #trie: RouteTrie<Memo>;
  #scopes: Scope[] = [];
  #order = 0;

  constructor(trie: RouteTrie<Memo>) {
    this.#trie = trie;
  }

  openService(
    records: RouterRecords,
    guards: readonly StepPlan[],
    parent: Scope | undefined,
    mounts: readonly MountRecord[],
  ): Scope {
    this.#scopes = [];
    this.services.push({ scopes: this.#scopes });
    return this.#place(records, [], guards, parent, mounts);
  }

  #place(
    records: RouterRecords,
    prefix: Pattern,
    mountGuards: readonly StepPlan[],
    parent: Scope | undefined,
    mounts: readonly MountRecord[],
  ): Scope {
    const timeout = records.handlerTimeout ?? parent?.timeout ?? 0;
    const place = { parent: parent?.place };
    const own =
      records.hooks.length === 0 ? undefined : loadHooks().compileScope(records.hooks, parent?.hooks);
    const hooks = own ?? parent?.hooks;
    const catchers = [...(own?.catchers ?? []), ...records.catchers, ...(parent?.catchers ?? [])];
    const timeouts = hooks?.timeouts ?? [];
    const offered = timeouts.length === 0 ? catchers : [...timeouts, ...catchers];
    const toStep = (
      plan: StepPlan,
      pattern: Pattern,
      slots: readonly ParamSlot[] | undefined,
      label?: string,
      route?: string,
    ): Step => ({
      run: plan.answers && hooks !== undefined ? hooks.wrap(plan.run) : plan.run,
      answers: plan.answers,
      slots,
      tail: pattern.at(-1)?.kind === "tail" ? pattern.length - 1 : pattern.length,
      catchers: offered,
      timeout,
      label,
      route,
      place,
    });
    const placeBelow = (plan: StepPlan, patterns: readonly Pattern[] = [[]]): PlacedGuard =>
      patterns.map((relative) => {
        const pattern = joinPatterns(prefix, relative);
        return { node: this.#trie.insert(pattern, true), step: toStep(plan, pattern, toSlots(pattern)) };
      });
    const guards: PlacedGuard[] = [];
    if (records.after.length > 0) guards.push(placeBelow(createEntry(records.after)));
    for (const plan of own?.entry ?? []) guards.push(placeBelow(plan));
    for (const plan of mountGuards) guards.push(placeBelow(plan));
    for (const plan of own?.guards ?? []) guards.push(placeBelow(plan));
    for (const { patterns, plan } of records.guards) guards.push(placeBelow(plan, patterns));
    const scope: Scope = {
      parent,
      place,
      depth: parent === undefined ? 0 : parent.depth + 1,
      node: this.#trie.insert(prefix, true),
      timeout,
      catchers,
      // The hooks of a scope get the error of an unknown path in the scope. The hooks of the app get every such error,
      // because they are called last.
      unanswered: [...(parent === undefined ? [] : (own?.catchers ?? [])), ...records.unanswered],
      guards,
      fallbacks: records.fallbacks.map((plan) => placeBelow(plan)),
      hooks,
    };
    this.#scopes.push(scope);
    const placeRoute = ({ patterns, methods, plans, options }: RouteRecord): void => {
      const order = this.#order++;
      for (const relative of patterns) {
        const pattern = joinPatterns(prefix, relative);
        const slots = toSlots(pattern);
        const route = toPath(pattern);
        const label = options.name ?? `${methods.join(", ")} ${route}`;
        const steps = plans.map((plan) => toStep(plan, pattern, slots, label, route));
        const service = this.services.length - 1;
        this.#trie.insert(pattern).entries.push({ service, scope, pattern, order, methods, steps });
      }
    };
    for (const record of [...records.routes, ...mounts].sort((a, b) => a.order - b.order)) {
      if ("records" in record) {
        const { records: inner, pattern = [], guards: own } = record;
        this.#place(inner, joinPatterns(prefix, pattern), own, scope, inner.mounts);
      } else {
        placeRoute(record);
      }
    }
    return scope;
  }
}

function createEntry(after: readonly Middleware[]): StepPlan {
  const enter = (res: ServedResponse): void => res.req[kContext]?.after(res).enter(after);
  return { run: (_req, res) => enter(res), answers: false };
}
