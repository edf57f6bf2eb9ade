import type { Shape } from "../ast/shape.js";
import type { UpdateNode } from "../ast/write-nodes.js";
import { QueryArgumentError } from "../errors.js";
import type { Value } from "../sql/named-param.js";
import type { Row } from "../values/row.js";
import { toAssignments } from "./assignments.js";
import { ChangeBuilder } from "./change-builder.js";
import { toReturningNodes } from "./returning.js";
import type { Returnable, Returned, Written } from "./schema-types.js";

/** An UPDATE. It needs a condition, or `all()`. */
export class UpdateBuilder<Tables, Columns = Row, Result = Row> extends ChangeBuilder<
  UpdateNode,
  Tables,
  Result
> {
  /** Sets new values by column. A column whose value is undefined is not changed. A second call adds more columns. */
  set(values: Written<Columns>): this {
    const assignments = toAssignments(values, "set()");
    return this.grow(["set", ...assignments.keys], assignments.values, (node, slot) => ({
      set: Object.freeze([...node.set, ...assignments.toNodes(slot)]),
    }));
  }

  /** Returns these columns of the changed rows. Without arguments, it returns all columns. */
  returning<Name extends Returnable<Columns> = never>(
    ...columns: Name[]
  ): UpdateBuilder<Tables, Columns, Returned<Columns, Name>> {
    return this.grow(["returning", ...columns], [], () => ({
      returning: toReturningNodes(columns),
    })) as never;
  }

  protected override complete(): void {
    if (this.node.set.length === 0) {
      throw new QueryArgumentError("An update needs new values; add .set({ ... }) with at least one.");
    }
    super.complete();
  }

  protected override derive(shape: Shape<UpdateNode>, values: readonly Value[]): this {
    return new UpdateBuilder<Tables, Columns, Result>(shape, values, this.runner) as this;
  }
}
