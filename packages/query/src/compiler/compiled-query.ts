import type { Access } from "../driver/driver.js";
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
  readonly access: Access;
  /** Whether the statement gives rows. */
  readonly rows: boolean;
}
