import { type Problem, StartError } from "../errors.js";

/** A static site could not be made. The error lists every route that failed, and every link without a target. */
export class InflateError extends StartError {
  constructor(problems: readonly Problem[]) {
    super(problems, "MIQRO_INFLATE");
    this.name = "InflateError";
  }
}
