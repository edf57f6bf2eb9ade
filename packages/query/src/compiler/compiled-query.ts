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
  /** The slot from which each placeholder takes its value. Undefined if the slots are used in order. */
  readonly slots: readonly number[] | undefined;
  /** How many placeholders there are. */
  readonly width: number;
  /**
   * The column that each placeholder's value is written to or compared with. Undefined if no placeholder has a column.
   */
  readonly targets: readonly (ColumnTarget | undefined)[] | undefined;
  /** The placeholders that are a LIMIT or an OFFSET. Undefined if there are none. */
  readonly counts: ReadonlyMap<number, "limit" | "offset"> | undefined;
  readonly access: Access;
  /** Whether the statement gives rows. */
  readonly rows: boolean;
  /** Whether its rows contain the values of its parameters. */
  readonly echoes: boolean;
}
