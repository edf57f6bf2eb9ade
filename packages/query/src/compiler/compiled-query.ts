import type { Access, ColumnTarget } from "../driver/driver.js";
import type { Parameter } from "../values/parameter.js";

/** The SQL text and the values of a builder. */
export interface CompiledQuery {
  readonly sql: string;
  readonly params: readonly Parameter[];
}

/** The compiled form of a statement without its values. */
export interface CompiledShape {
  readonly sql: string;
  /** The slot of each placeholder's value. Undefined if the slots are used in order. */
  readonly slots: readonly number[] | undefined;
  /** The number of placeholders. */
  readonly width: number;
  /**
   * For each placeholder, the column that its value is written to or compared with. Undefined if no placeholder has a
   * column.
   */
  readonly targets: readonly (ColumnTarget | undefined)[] | undefined;
  /** The columns whose values the columns of the result are, for `min` and `max`. Undefined if there are none. */
  readonly results: readonly (ColumnTarget | undefined)[] | undefined;
  /** The placeholders that are a LIMIT or an OFFSET. Undefined if there are none. */
  readonly counts: ReadonlyMap<number, "limit" | "offset"> | undefined;
  readonly access: Access;
  /** Whether the statement returns rows. */
  readonly rows: boolean;
  /** Whether the returned rows contain the values of the parameters. */
  readonly echoes: boolean;
}
