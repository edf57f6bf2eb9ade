import assert from "node:assert/strict";
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { Static } from "@miqro/core";
import { serve } from "./support/serve.js";

/** How long a synchronous look takes, in milliseconds; the rest of it is the real one. */
let delay = 0;
let looks = 0;
let now = performance.now();
const { statSync } = fs;
const { now: realNow } = performance;

describe("Static on a disk that is slow", () => {
  before(() => {
    Object.assign(fs, {
      statSync(...args: Parameters<typeof statSync>) {
        looks++;
        now += delay;
        return statSync(...args);
      },
    });
    syncBuiltinESMExports();
    performance.now = () => now;
  });
  after(() => {
    Object.assign(fs, { statSync });
    syncBuiltinESMExports();
    performance.now = realNow;
  });

  it("waits for one look, and for no other for ten seconds", async () => {
    await using server = await serve((app) => {
      app.use(Static(fileURLToPath(new URL("../src", import.meta.url))));
    });
    const ask = async (path: string): Promise<[status: number, looks: number]> => {
      const beforeIt = looks;
      const response = await server.fetch(path);
      await response.text();
      return [response.status, looks - beforeIt];
    };
    assert.deepEqual(await ask("/nothing"), [404, 1]);
    const [status] = await ask("/index.ts");
    assert.equal(status, 200);
    assert.deepEqual(await ask("/index.ts"), [200, 1]);
    delay = 11;
    assert.deepEqual(await ask("/nothing"), [404, 1]);
    delay = 0;
    assert.deepEqual(await ask("/index.ts"), [200, 0]);
    assert.deepEqual(await ask("/nothing"), [404, 0]);
    assert.deepEqual(await ask("/index.ts/nothing"), [404, 0]);
    assert.deepEqual(await ask("/jwt.ts"), [200, 0]);
    now += 10_001;
    assert.deepEqual(await ask("/index.ts"), [200, 1]);
  });
});
