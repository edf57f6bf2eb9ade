import { type Branch, Shape } from "../ast/shape.js";
import type { Value } from "../sql/named-param.js";

/** Statements with more values are not cached, because they are long and seldom sent again. */
const mostRemembered = 1000;

/** The parts of a builder that other builders read. */
export interface BuilderParts<Node extends object> {
  readonly shape: Shape<Node>;
  readonly values: readonly Value[];
}

let readParts: <Node extends object>(builder: ShapedBuilder<Node>) => BuilderParts<Node>;

/**
 * The base class of all builders. A builder has a shape (the statement without its values) and the values. Each call
 * returns a builder with another shape. Calls that differ only in their values share one shape. The first of these
 * calls creates it.
 */
export abstract class ShapedBuilder<Node extends object> {
  readonly #shape: Shape<Node>;
  readonly #values: readonly Value[];

  constructor(shape: Shape<Node>, values: readonly Value[]) {
    this.#shape = shape;
    this.#values = values;
  }

  static {
    readParts = (builder) => {
      builder.complete();
      return { shape: builder.#shape, values: builder.#values };
    };
  }

  protected get shape(): Shape<Node> {
    return this.#shape;
  }

  protected get node(): Node {
    return this.#shape.node;
  }

  protected get given(): readonly Value[] {
    return this.#values;
  }

  /** A builder of the same kind for another shape. */
  protected abstract derive(shape: Shape<Node>, values: readonly Value[]): this;

  /** Throws if the statement is incomplete or unsafe. */
  protected complete(): void {}

  /**
   * Returns the next builder. `keys` identify the call, and `added` are its values. `change` gets the slot of the first
   * added value and returns the changed parts of the node. Equal keys must always lead to equal changes.
   */
  protected grow(
    keys: readonly unknown[],
    added: readonly Value[],
    change: (node: Node, slot: number) => Partial<Node>,
  ): this {
    let branch: Branch = this.#shape;
    for (let index = 0; index < keys.length; index++) branch = branch.at(keys[index]);
    return this.growTo(branch, added, change);
  }

  /** Works like `growTo` with one more value if the branch already has a shape. Otherwise it returns undefined. */
  protected growToKnown(branch: Branch, value: Value): this | undefined {
    const { shape } = branch;
    if (shape === undefined) return undefined;
    const values = this.#values;
    return this.derive(shape as Shape<Node>, values.length === 0 ? [value] : [...values, value]);
  }

  /** Works like `grow`, but takes a branch instead of keys. */
  protected growTo(
    branch: Branch,
    added: readonly Value[],
    change: (node: Node, slot: number) => Partial<Node>,
  ): this {
    let shape = branch.shape as Shape<Node> | undefined;
    if (shape === undefined) {
      const { node } = this.#shape;
      shape = new Shape<Node>(Object.freeze({ ...node, ...change(node, this.#values.length) }));
      if (this.#values.length + added.length <= mostRemembered) branch.shape = shape;
    }
    return this.derive(shape, added.length === 0 ? this.#values : this.#values.concat(added));
  }
}

/** Returns the shape and the values of a builder. Throws if the statement is incomplete. */
export function partsOf<Node extends object>(builder: ShapedBuilder<Node>): BuilderParts<Node> {
  return readParts(builder);
}
