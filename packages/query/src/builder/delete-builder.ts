import type { Shape } from "../ast/shape.js";
import type { DeleteNode } from "../ast/write-nodes.js";
import type { Value } from "../sql/named-param.js";
import type { Row } from "../values/row.js";
import { ChangeBuilder } from "./change-builder.js";
import { toReturningNodes } from "./returning.js";
import type { Returnable, Returned } from "./schema-types.js";

/** A DELETE. It needs a condition, or `all()`. */
export class DeleteBuilder<Tables, Columns = Row, Result = Row> extends ChangeBuilder<
  DeleteNode,
  Tables,
  Result
> {
  /** Returns these columns of the deleted rows. Without arguments, it returns all columns. */
  returning<Name extends Returnable<Columns> = never>(
    ...columns: Name[]
  ): DeleteBuilder<Tables, Columns, Returned<Columns, Name>> {
    return this.grow(["returning", ...columns], [], () => ({
      returning: toReturningNodes(columns),
    })) as never;
  }

  protected override derive(shape: Shape<DeleteNode>, values: readonly Value[]): this {
    return new DeleteBuilder<Tables, Columns, Result>(shape, values, this.runner) as this;
  }
}
