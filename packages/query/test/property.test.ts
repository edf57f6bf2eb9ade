import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type ConditionGroup, type Database, escapeLike } from "@miqro/query";
import fc from "fast-check";
import { connectTo, dialects, missing } from "./support/dialects.js";

interface Item {
  readonly id: number;
  readonly n: number | null;
  readonly word: string | null;
  readonly ok: boolean | null;
}

/** A condition twice: for the builder, and for JavaScript with the three values of SQL's logic. */
type Tree =
  | {
      readonly kind: "compare";
      readonly column: "id" | "n" | "word";
      readonly operator: "eq" | "neq" | "gt" | "gte" | "lt" | "lte";
      readonly value: number | string;
    }
  | { readonly kind: "ok"; readonly value: boolean }
  | { readonly kind: "null"; readonly column: "n" | "word" | "ok"; readonly negated: boolean }
  | { readonly kind: "in"; readonly values: readonly number[]; readonly negated: boolean }
  | { readonly kind: "between"; readonly low: number; readonly high: number }
  | { readonly kind: "contains"; readonly text: string; readonly anyCase: boolean }
  | { readonly kind: "group"; readonly joiner: "and" | "or" | "not"; readonly members: readonly Tree[] };

const number = fc.integer({ min: -3, max: 6 });
const word = fc.string({
  unit: fc.constantFrom("a", "B", "b", "%", "_", "\\", "'", "`", '"', ";"),
  maxLength: 4,
});

const { tree } = fc.letrec<{ tree: Tree; leaf: Tree }>((tie) => ({
  leaf: fc.oneof(
    fc.record({
      kind: fc.constant("compare" as const),
      column: fc.constantFrom("id" as const, "n" as const),
      operator: fc.constantFrom("eq", "neq", "gt", "gte", "lt", "lte"),
      value: number,
    }),
    fc.record({
      kind: fc.constant("compare" as const),
      column: fc.constant("word" as const),
      operator: fc.constantFrom("eq", "neq", "gt", "gte", "lt", "lte"),
      value: word,
    }),
    fc.record({ kind: fc.constant("ok" as const), value: fc.boolean() }),
    fc.record({
      kind: fc.constant("null" as const),
      column: fc.constantFrom("n" as const, "word" as const, "ok" as const),
      negated: fc.boolean(),
    }),
    fc.record({
      kind: fc.constant("in" as const),
      values: fc.array(number, { maxLength: 4 }),
      negated: fc.boolean(),
    }),
    fc.record({ kind: fc.constant("between" as const), low: number, high: number }),
    fc.record({ kind: fc.constant("contains" as const), text: word, anyCase: fc.boolean() }),
  ) as fc.Arbitrary<Tree>,
  tree: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    tie("leaf"),
    fc.record({
      kind: fc.constant("group" as const),
      joiner: fc.constantFrom("and", "or", "not"),
      members: fc.array(tie("tree"), { minLength: 1, maxLength: 3 }),
    }) as fc.Arbitrary<Tree>,
  ),
}));

function apply<Conditions extends ConditionGroup<Record<string, Record<string, unknown>>>>(
  conditions: Conditions,
  node: Tree,
): Conditions {
  switch (node.kind) {
    case "compare":
      return conditions[node.operator](node.column, node.value as never);
    case "ok":
      return conditions.eq("ok", node.value as never);
    case "null":
      return node.negated ? conditions.isNotNull(node.column) : conditions.isNull(node.column);
    case "in":
      return conditions[node.negated ? "notIn" : "in"]("n", node.values as never);
    case "between":
      return conditions.between("n", node.low as never, node.high as never);
    case "contains":
      return conditions[node.anyCase ? "ilike" : "like"]("word", `%${escapeLike(node.text)}%`);
    case "group":
      return conditions[node.joiner]((group) => node.members.reduce(apply, group));
  }
}

/** True, false, or null for unknown. */
function holds(node: Tree, item: Item): boolean | null {
  switch (node.kind) {
    case "compare": {
      const left = item[node.column] as never;
      const right = node.value as never;
      if (left === null) return null;
      const results = {
        eq: left === right,
        neq: left !== right,
        gt: left > right,
        gte: left >= right,
        lt: left < right,
        lte: left <= right,
      };
      return results[node.operator];
    }
    case "ok":
      return item.ok === null ? null : item.ok === node.value;
    case "null":
      return (item[node.column] === null) !== node.negated;
    case "in":
      if (node.values.length === 0) return node.negated;
      return item.n === null ? null : node.values.includes(item.n) !== node.negated;
    case "between":
      return item.n === null ? null : item.n >= node.low && item.n <= node.high;
    case "contains":
      if (item.word === null) return null;
      return node.anyCase
        ? item.word.toLowerCase().includes(node.text.toLowerCase())
        : item.word.includes(node.text);
    case "group": {
      const results = node.members.map((member) => holds(member, item));
      if (node.joiner === "or") return results.includes(true) ? true : results.includes(null) ? null : false;
      const all = results.includes(false) ? false : results.includes(null) ? null : true;
      return node.joiner === "and" || all === null ? all : !all;
    }
  }
}

const items = fc.array(
  fc.record({ n: fc.option(number), word: fc.option(word), ok: fc.option(fc.boolean()) }),
  { minLength: 1, maxLength: 12 },
);

const orders = fc.array(
  fc.record({
    column: fc.constantFrom("n" as const, "word" as const),
    direction: fc.constantFrom("ASC" as const, "DESC" as const),
    nulls: fc.option(fc.constantFrom("FIRST" as const, "LAST" as const), { nil: undefined }),
  }),
  { maxLength: 2 },
);

function compareBy(order: {
  column: "n" | "word";
  direction: "ASC" | "DESC";
  nulls?: "FIRST" | "LAST" | undefined;
}) {
  const down = order.direction === "DESC";
  const nullsFirst = (order.nulls ?? (down ? "FIRST" : "LAST")) === "FIRST";
  return (left: Item, right: Item): number => {
    const [a, b] = [left[order.column], right[order.column]] as never[];
    if (a === b) return 0;
    if (a === null) return nullsFirst ? -1 : 1;
    if (b === null) return nullsFirst ? 1 : -1;
    return ((a as never) < (b as never) ? -1 : 1) * (down ? -1 : 1);
  };
}

for (const dialect of dialects) {
  describe(`random builders (${dialect})`, { skip: missing[dialect] }, () => {
    it("find what a plain filter finds", async (context) => {
      const db: Database = await connectTo(context, dialect);
      await db
        .createTable("items", {
          id: { type: "integer", primaryKey: true },
          n: { type: "integer" },
          word: { type: "text" },
          ok: { type: "boolean" },
        })
        .yield();
      await fc.assert(
        fc.asyncProperty(
          items,
          tree,
          orders,
          fc.option(fc.nat(6), { nil: undefined }),
          fc.nat(3),
          async (given, condition, order, limit, offset) => {
            const rows: Item[] = given.map((item, index) => ({ id: index, ...item }));
            await db.delete("items").all().yield();
            await db.insert("items").values(rows).yield();
            let query = apply(db.select().from("items") as never, condition) as unknown as ReturnType<
              ReturnType<Database["select"]>["from"]
            >;
            for (const { column, direction, nulls } of order) query = query.order(column, direction, nulls);
            query = query.order("id").offset(offset);
            if (limit !== undefined) query = query.limit(limit);
            const expected = rows
              .filter((item) => holds(condition, item) === true)
              .sort(
                (left, right) =>
                  order.map((each) => compareBy(each)(left, right)).find((sign) => sign !== 0) ??
                  left.id - right.id,
              )
              .slice(offset, limit === undefined ? undefined : offset + limit);
            assert.deepEqual(await query.yield(), expected);
          },
        ),
        { numRuns: 150 },
      );
    });
  });
}
