// Reads a million rows one by one and says by how much the process grew: node iterate.ts DIALECT (`bare` is pg alone).
import { mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parts } from "./drivers.ts";

const { Database } = await import("../../../packages/query/dist/index.js");
const dialect = process.argv[2] as "pg";
const url = process.env.DATABASE_URL as string;
const folder = mkdtempSync(join(tmpdir(), "miqro-bench-"));
let peak = 0;
let before = 0;
let seen = 0;
const look = () => {
  if (++seen % 10_000 === 0) peak = Math.max(peak, process.memoryUsage.rss());
};
const begin = () => {
  globalThis.gc?.();
  before = process.memoryUsage.rss();
};
const startedAt = performance.now();
if (process.argv[2] === "bare") {
  const { Client } = createRequire(parts)("pg");
  const client = new Client({ connectionString: url });
  await client.connect();
  begin();
  await client.query("BEGIN");
  await client.query(
    "DECLARE c CURSOR FOR SELECT i AS id, 'title ' || i AS title, i % 7 AS n FROM generate_series(1, 1000000) AS i",
  );
  for (let batch = 0; batch < 5000; batch++) {
    for (const _ of (await client.query({ text: "FETCH 200 FROM c", rowMode: "array" })).rows) look();
  }
  await client.end();
} else {
  const place = dialect === "pg" ? { url } : { storage: join(folder, "data.sqlite3") };
  const db = new Database({ dialect, ...place });
  await db.connect();
  await db.dropTable("million", { ifExists: true }).yield();
  await db
    .createTable("million", {
      id: { type: "integer", primaryKey: true },
      title: { type: "text" },
      n: { type: "integer" },
    })
    .yield();
  await db.query(
    dialect === "pg"
      ? "INSERT INTO million SELECT i, 'title ' || i, i % 7 FROM generate_series(1, 1000000) AS i"
      : "INSERT INTO million WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c WHERE i < 1000000) SELECT i, 'title ' || i, i % 7 FROM c",
  );
  begin();
  for await (const _ of db.from("million").order("id").iterate()) look();
  await db.dropTable("million").yield();
  await db.disconnect();
}
const grown = (peak - before) / 1e6;
const seconds = (performance.now() - startedAt) / 1000;
globalThis.gc?.();
console.log(JSON.stringify({ seen, grown, seconds, held: process.memoryUsage().heapUsed / 1e6 }));
rmSync(folder, { recursive: true });
