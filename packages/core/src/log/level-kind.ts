import { type OptionKind, oneOf } from "../options/kinds.js";

/** A level, as an option. */
export const levelKind: OptionKind = oneOf("error", "warn", "info", "debug", "trace", "none");
