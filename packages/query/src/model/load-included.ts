import type { AnySelectBuilder } from "../builder/select-builder.js";
import type { QueryScope } from "../database/query-scope.js";
import type { Parameter } from "../values/parameter.js";
import type { Row } from "../values/row.js";
import type { Association, IncludeOptions, ManyToMany } from "./association.js";
import type { TableModel } from "./table-model.js";

// biome-ignore lint/suspicious/noExplicitAny: associations join models of any columns
type SomeModel = TableModel<any, any>;

interface Loading {
  readonly source: SomeModel;
  readonly target: SomeModel;
  readonly name: string;
  readonly options: IncludeOptions;
  readonly rows: readonly Row[];
  readonly scope: QueryScope;
}

/** The maximum number of keys of one query. SQLite allows 32,766 parameters. */
const mostKeys = 30_000;

/** Names for the SELECT of a manyToMany: the two keys of the connecting table, and the connecting table itself. */
const linkName = "miqro_link";
const otherName = "miqro_other";
const betweenName = "miqro_between";

/** Adds the rows of one association to each of `rows`, with one query for all of them. */
export async function loadIncluded({ source, target, name, options, rows, scope }: Loading): Promise<void> {
  const association = source.associationOf(name);
  const { here, there } = keysOf(association, source, target, name);
  const many = association.type === "hasMany" || association.type === "manyToMany";
  const groups = new Map<string | undefined, Row[]>();
  const byKey = new Map(rows.map((row) => [toKey(row[here]), row[here] as Parameter]));
  byKey.delete(undefined);
  const keys = [...byKey.values()];
  const further = [there, ...(options.include === undefined ? [] : target.keysOf(options.include))];
  for (let begin = 0; begin < keys.length; begin += mostKeys) {
    const part = pad(keys.slice(begin, begin + mostKeys));
    const { select, orderIn, extra } = target.selectIncluded(scope, options, further);
    const linked = association.type === "manyToMany";
    const found: Row[] = linked
      ? await orderIn(
          select
            .select(`${betweenName}.${linkName} as ${linkName}`)
            .join(
              [between(scope, association, part), betweenName],
              `${betweenName}.${otherName}`,
              "=",
              `${target.table}.${there}`,
            ),
        ).yield()
      : await orderIn(select.in(`${target.table}.${there}`, part as never)).yield();
    if (options.include !== undefined) await target.loadInto(found, options.include, scope);
    for (const row of found) {
      const key = toKey(linked ? row[linkName] : row[there]);
      if (linked) delete row[linkName];
      for (const each of extra) delete row[each];
      const group = groups.get(key);
      if (group === undefined) groups.set(key, [row]);
      else group.push(row);
    }
  }
  for (const row of rows) {
    const group = groups.get(toKey(row[here])) ?? [];
    row[name] = many ? group : (group[0] ?? null);
  }
}

/**
 * Makes a SELECT of the connecting table with unique names for its columns. So the names in conditions and orders, also
 * in raw SQL, always mean columns of the other model.
 */
function between(
  scope: QueryScope,
  { through, foreignKey, otherKey }: ManyToMany,
  keys: readonly Parameter[],
): AnySelectBuilder {
  return scope
    .select(`${foreignKey} as ${linkName}`, `${otherKey} as ${otherName}`)
    .from(through)
    .in(foreignKey, keys as never) as never;
}

/** The columns that connect the two tables. */
function keysOf(
  association: Association,
  source: SomeModel,
  target: SomeModel,
  name: string,
): { readonly here: string; readonly there: string } {
  const taker = `The association "${name}"`;
  if (association.type === "belongsTo") {
    return { here: association.foreignKey, there: association.targetKey ?? target.keyOf(taker) };
  }
  const here = association.sourceKey ?? source.keyOf(taker);
  if (association.type === "manyToMany") return { here, there: association.targetKey ?? target.keyOf(taker) };
  return { here, there: association.foreignKey };
}

/** Converts a key to a string for comparison, so that the keys 5, 5n and "5" are equal. */
function toKey(value: unknown): string | undefined {
  if (value === null || value === undefined) return undefined;
  if (value instanceof Date) return value.toISOString();
  return value instanceof Uint8Array ? Buffer.from(value).toString("hex") : String(value);
}

/** Repeats the last key until the number of keys is a power of two. So only few different statements are needed. */
function pad(keys: readonly Parameter[]): readonly Parameter[] {
  const size = Math.min(mostKeys, 2 ** Math.ceil(Math.log2(keys.length)));
  return [...keys, ...new Array<Parameter>(size - keys.length).fill(keys.at(-1) as Parameter)];
}
