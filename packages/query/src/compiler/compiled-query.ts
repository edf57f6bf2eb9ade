import type { Access, ColumnTarget } from "../driver/driver.js";
import type { Parameter } from "../values/parameter.js";

/** The text and the values that a builder stands for. */
export interface CompiledQuery {
  readonly sql: string;
  readonly params: readonly Parameter[];
}

/** What a compiler makes of a statement apart from its values. */
export interface CompiledShape {
  readonly sql: string;
  /** Which slot each placeholder takes its value from; undefined where they are the same in order. */
  readonly slots: readonly number[] | undefined;
  /** How many placeholders there are. */
  readonly width: number;
  /** The column that each placeholder's value is for or is compared with; undefined where there is none at all. */
  readonly targets: readonly (ColumnTarget | undefined)[] | undefined;
  /** The placeholders that are a LIMIT or an OFFSET; undefined where there is none. */
  readonly counts: ReadonlyMap<number, "limit" | "offset"> | undefined;
  readonly access: Access;
  /** Whether the statement gives rows. */
  readonly rows: boolean;
  /** Whether its rows have what its parameters are. */
  readonly echoes: boolean;
}
