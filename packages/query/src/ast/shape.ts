/** The number of new branches after which old branches may be removed. A program has some hundreds of branches. */
const limit = 20_000;

let generation = 0;
let grown = 0;

/**
 * A node in a tree of all calls of builder methods. Equal calls lead to the same node. The keys of the tree are the
 * arguments of a call without the values: names, operators, counts, and the shapes of other builders.
 */
export class Branch {
  /** The statement that the calls up to this node build. It is set when the statement is built for the first time. */
  shape: Shape<object> | undefined;
  #branches: Map<unknown, Branch> | undefined;
  #generation = generation;

  /** Returns the branch of this key, and creates it if it does not exist. */
  at(key: unknown): Branch {
    return this.#branches?.get(key) ?? this.#grow(key);
  }

  // A client may choose names, so the tree has a limit: after `limit` new branches, each old branch is emptied on its
  // next use.
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
