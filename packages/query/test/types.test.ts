import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Database, defineModel, type Model, type ModelRow } from "@miqro/query";

type Same<Left, Right> =
  (<T>() => T extends Left ? 1 : 2) extends <T>() => T extends Right ? 1 : 2 ? true : false;

function expectType<_Proof extends true>(): void {}

type ColumnsOf<Defined> = Defined extends Model<infer Table> ? Table : never;

describe("types", () => {
  it("of rows follow the columns of the model", () => {
    const db = new Database({ storage: ":memory:" });
    const User = defineModel(db, "users", {
      id: { type: "integer", primaryKey: true, autoIncrement: true },
      name: { type: "string", notNull: true },
      born: { type: "datetime" },
      active: { type: "boolean", notNull: true, default: true },
    });
    expectType<
      Same<ModelRow<ColumnsOf<typeof User>>, { id: number; name: string; born: Date | null; active: boolean }>
    >();
    const wrong = [
      // @ts-expect-error name cannot be left out
      () => User.create({ active: true }),
      // @ts-expect-error name cannot be null
      () => User.create({ name: null }),
      // @ts-expect-error born is a Date
      () => User.create({ name: "x", born: "yesterday" }),
      // @ts-expect-error there is no such column
      () => User.updateAll({ nme: "x" }, User.where()),
      // @ts-expect-error a condition is needed
      () => User.deleteAll(),
      // @ts-expect-error there is no such type
      () => defineModel(db, "t", { a: { type: "varchar" } }),
      // @ts-expect-error undefined would widen the query
      () => db.select().from("t").eq("a", undefined),
      // @ts-expect-error null matches nothing
      () => db.select().from("t").eq("a", null),
      // @ts-expect-error a direction is ASC or DESC
      () => db.select().from("t").order("a", "up"),
    ];
    assert.equal(wrong.length, 9);
  });
});
