import { type Problem, StartError } from "../errors.js";

/** A static site that could not be made; it lists every route that failed, and every link that leads nowhere. */
export class InflateError extends StartError {
  constructor(problems: readonly Problem[]) {
    super(problems, "MIQRO_INFLATE");
    this.name = "InflateError";
  }
}
