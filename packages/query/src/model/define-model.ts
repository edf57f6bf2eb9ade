import { checkTable } from "../builder/check-arguments.js";
import type { Columns } from "../builder/column-options.js";
import type { QueryScope } from "../database/query-scope.js";
import type { Associations } from "./association.js";
import type { Model } from "./model.js";
import { TableModel } from "./table-model.js";

/** Declares the columns of a table. Nothing is sent until a method of the model is called. */
export function defineModel<
  const Table extends Columns,
  const Links extends Associations = Record<never, never>,
>(
  // biome-ignore lint/suspicious/noExplicitAny: a model declares its own columns, whatever the schema of the database says
  db: QueryScope<any>,
  table: string,
  columns: Table,
  associations?: Links,
): Model<Table, Links> {
  const name = checkTable(table, "defineModel");
  return new TableModel<Table, Links>(db, name, columns, associations ?? ({} as Links));
}
