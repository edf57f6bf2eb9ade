import type { AlterTableNode } from "../ast/table-nodes.js";
import { QueryArgumentError } from "../errors.js";
import type { Row } from "../values/row.js";
import { checkName, checkNewColumn } from "./check-arguments.js";
import { type ColumnOptions, toColumnDefinition } from "./column-options.js";
import { splitName } from "./split-name.js";
import type { Statement } from "./statement-builder.js";

/** An ALTER TABLE. Each method adds the one change and returns the complete statement. */
export class AlterTableBuilder {
  readonly #table: string;
  readonly #toStatement: (node: AlterTableNode) => Statement<Row>;

  constructor(table: string, toStatement: (node: AlterTableNode) => Statement<Row>) {
    this.#table = table;
    this.#toStatement = toStatement;
  }

  /** Adds a column. If the table has rows, a `notNull` column needs a default. To add an index, call `createIndex`. */
  addColumn(name: string, options: ColumnOptions): Statement<Row> {
    const column = toColumnDefinition(checkName(name, "A column"), options);
    if (column.index) {
      throw new QueryArgumentError(`addColumn("${name}") makes no index; call createIndex() after it.`);
    }
    return this.#toStatement({ kind: "alter-table", table: this.#table, change: "add-column", column });
  }

  /** Removes a column with its values. */
  dropColumn(name: string): Statement<Row> {
    checkName(name, "A column");
    return this.#toStatement({ kind: "alter-table", table: this.#table, change: "drop-column", name });
  }

  /** Renames a column. */
  renameColumn(name: string, to: string): Statement<Row> {
    checkName(name, "A column");
    checkNewColumn(to, "The new column");
    return this.#toStatement({ kind: "alter-table", table: this.#table, change: "rename-column", name, to });
  }

  /** Renames the table within its schema. In `schema.name`, the schema must be that of the table. */
  rename(to: string): Statement<Row> {
    const given = splitName(checkName(to, "The new name of a table"));
    const { schema } = splitName(this.#table);
    if (given.schema !== undefined && given.schema !== schema) {
      throw new QueryArgumentError(
        `rename("${to}") cannot move "${this.#table}" to another schema; give the new name without a schema.`,
      );
    }
    return this.#toStatement({
      kind: "alter-table",
      table: this.#table,
      change: "rename-table",
      to: checkName(given.name, "The new name of a table"),
    });
  }
}
