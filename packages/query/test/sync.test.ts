import assert from "node:assert/strict";
import { it } from "node:test";
import { Database, defineModel } from "@miqro/query";
import { hear, start } from "./support/child.js";
import { createDatabase, describeEach } from "./support/dialects.js";

describeEach("sync() from several processes at once", (dialect) => {
  it("makes each table once, and fails nowhere", async (context) => {
    const options = await createDatabase(context, dialect);
    const children = Array.from({ length: 4 }, () => start(context, "sync-at-once", JSON.stringify(options)));
    assert.deepEqual(await Promise.all(children.map(hear)), ["ready", "ready", "ready", "ready"]);
    for (let round = 0; round < 5; round++) {
      const heard = children.map(hear);
      for (const child of children) child.send(round);
      assert.deepEqual(await Promise.all(heard), ["done", "done", "done", "done"]);
    }
    for (const child of children) child.disconnect();
    const db = new Database(options);
    await db.connect();
    assert.equal(await db.from("plant4").count().value(), 4);
    await db.disconnect();
  });

  it("may be called by one process many times, also in transactions", async (context) => {
    const options = await createDatabase(context, dialect);
    const dbs = Array.from({ length: 3 }, () => new Database(options));
    await Promise.all(dbs.map((db) => db.connect()));
    for (let round = 0; round < 5; round++) {
      await Promise.all(
        dbs.flatMap((db) => {
          const model = defineModel(db, `t${round}`, {
            id: { type: "integer", primaryKey: true },
            n: { type: "integer", index: true },
          });
          return [model.sync(), model.sync(), db.transaction((tx) => model.in(tx).sync())];
        }),
      );
    }
    await Promise.all(dbs.map((db) => db.disconnect()));
  });
});
