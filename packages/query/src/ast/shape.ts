/** How many branches are remembered before old branches may be forgotten. A program has some hundreds. */
const limit = 20_000;

let generation = 0;
let grown = 0;

/**
 * A node in the tree of all calls that were ever made on builders; equal calls lead to the same node. The keys are the
 * arguments of a call without the values: names, operators, counts, the shapes of other builders.
 */
export class Branch {
  /** The statement of the calls up to this node, once it was built. */
  shape: Shape<object> | undefined;
  #branches: Map<unknown, Branch> | undefined;
  #generation = generation;

  /** The branch of this key. */
  at(key: unknown): Branch {
    return this.#branches?.get(key) ?? this.#grow(key);
  }

  // Names may come from input, so the tree is bounded: after `limit` new branches, each old branch starts anew.
  #grow(key: unknown): Branch {
    if (++grown > limit) {
      grown = 0;
      generation++;
    }
    if (this.#branches === undefined || this.#generation !== generation) {
      this.#branches = new Map();
      this.#generation = generation;
    }
    const branch = new Branch();
    this.#branches.set(key, branch);
    return branch;
  }
}

/**
 * A statement without its values. Builders of equal calls share it, together with the SQL that was compiled from it.
 */
export class Shape<Node extends object> extends Branch {
  readonly node: Node;
  /** The compiled SQL of each dialect, by the number of the dialect. */
  readonly compiled: unknown[] = [];

  constructor(node: Node) {
    super();
    this.node = node;
  }
}
