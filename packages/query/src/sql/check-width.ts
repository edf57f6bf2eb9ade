import type { Dialect } from "../dialects/dialect.js";
import { QueryArgumentError } from "../errors.js";

/**
 * Throws if a statement has more parameters than the database allows. PostgreSQL would close the connection instead of
 * reporting an error.
 */
export function checkWidth(width: number, { name, mostParameters }: Dialect): void {
  if (width <= mostParameters) return;
  throw new QueryArgumentError(
    `The statement has ${width} parameters, but "${name}" takes at most ${mostParameters}; send fewer rows at once (the ` +
      "createMany() of a model does so), or an array of values as one parameter: db.array(values).",
  );
}
