import type { Parameter } from "../values/parameter.js";

/** The text and the values that a builder stands for. */
export interface CompiledQuery {
  readonly sql: string;
  readonly params: readonly Parameter[];
}
