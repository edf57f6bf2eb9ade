/** How many branches are remembered before the old ones may be forgotten; a program has some hundreds. */
const limit = 20_000;

let generation = 0;
let grown = 0;

/**
 * A place in the tree of all calls that were ever made on builders, in which equal calls meet again.
 * Keys are what a call was given apart from values: names, operators, counts, the shapes of other builders.
 */
export class Branch {
  /** The statement that the calls up to here stand for, once somebody made it. */
  shape: Shape<object> | undefined;
  #branches: Map<unknown, Branch> | undefined;
  #generation = generation;

  /** The branch of this key. */
  at(key: unknown): Branch {
    return this.#branches?.get(key) ?? this.#grow(key);
  }

  // Names may come from input, so the tree is bounded: after `limit` new branches each old one starts anew.
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

/** A statement apart from its values. Builders of equal calls share it, and with it what was compiled from it. */
export class Shape<Node extends object> extends Branch {
  readonly node: Node;
  /** What each dialect made of it, by the number of the dialect. */
  readonly compiled: unknown[] = [];

  constructor(node: Node) {
    super();
    this.node = node;
  }
}
