import { createHash } from "node:crypto";

/** The input of a module's hash. */
export interface HashedModule {
  /** A string that distinguishes modules with equal content. */
  readonly id: string;
  readonly content: string | Buffer;
  /** The keys of the imported modules, in the order of the content. */
  readonly imports: readonly string[];
}

/**
 * Gives each module a hash that changes exactly when the module, or a module that it imports directly or not, changes.
 * The modules of an import cycle import each other, so their hashes change together.
 * @param modules by key; each import is a key of `modules` or of `known`
 * @param known the hashes that were computed before and are final
 * @returns the hashes by key, 12 characters of base64url
 */
export function hashModules(
  modules: ReadonlyMap<string, HashedModule>,
  known: ReadonlyMap<string, string>,
): Map<string, string> {
  const hashes = new Map<string, string>();
  for (const cycle of importCycles(modules)) {
    const ids = new Map(cycle.map(({ key, module }) => [key, module.id]));
    const parts = cycle.map(({ module: { id, content, imports } }) => {
      const targets = imports.map((key) => hashes.get(key) ?? known.get(key) ?? { inside: ids.get(key) });
      return { id, text: JSON.stringify([id, digest(content), targets]) };
    });
    parts.sort((one, other) => (one.id < other.id ? -1 : 1));
    const shared = digest(parts.map(({ text }) => text).join("\n"));
    for (const [key, id] of ids) hashes.set(key, digest(JSON.stringify([shared, id])).slice(0, 12));
  }
  return hashes;
}

interface Visit {
  readonly key: string;
  readonly module: HashedModule;
  readonly index: number;
  /** The smallest index of a module on the stack that this module can reach. */
  low: number;
  next: number;
  onStack: boolean;
}

/**
 * The strongly connected components, each after the components that it imports. This is Tarjan's algorithm without
 * recursion, because a chain of imports may be longer than the call stack.
 */
function importCycles(modules: ReadonlyMap<string, HashedModule>): Visit[][] {
  const visits = new Map<string, Visit>();
  const stack: Visit[] = [];
  const cycles: Visit[][] = [];

  const enter = (key: string, module: HashedModule): Visit => {
    const index = visits.size;
    const visit = { key, module, index, low: index, next: 0, onStack: true };
    visits.set(key, visit);
    stack.push(visit);
    return visit;
  };
  const leave = (visit: Visit): void => {
    if (visit.low !== visit.index) return;
    const cycle = stack.splice(stack.lastIndexOf(visit));
    for (const member of cycle) member.onStack = false;
    cycles.push(cycle);
  };

  for (const [root, module] of modules) {
    if (visits.has(root)) continue;
    const path = [enter(root, module)];
    for (let visit = path.at(-1); visit !== undefined; visit = path.at(-1)) {
      const key = visit.module.imports[visit.next++];
      if (key === undefined) {
        leave(visit);
        path.pop();
        const importer = path.at(-1);
        if (importer !== undefined) importer.low = Math.min(importer.low, visit.low);
        continue;
      }
      const imported = modules.get(key);
      const seen = visits.get(key);
      if (seen === undefined) {
        if (imported !== undefined) path.push(enter(key, imported));
      } else if (seen.onStack) {
        visit.low = Math.min(visit.low, seen.index);
      }
    }
  }
  return cycles;
}

function digest(text: string | Buffer): string {
  return createHash("sha256").update(text).digest("base64url");
}
