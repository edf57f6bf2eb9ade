import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { createApp } from "@miqro/core/node";
import { checkExample } from "./check-example.js";

const file = fileURLToPath(new URL("../dist/node.js", import.meta.url));

describe("the example of modules", () => {
  it("answers, closes its store when it is told to end, and ends with 0", async () => {
    const output = await checkExample(process.execPath, [file]);
    assert.match(output, /Task 2 was sent\.[\s\S]*The store is closed\./);
  });

  it("can be tested without a server", async () => {
    const { options } = (await import("../dist/options.js" as string)) as {
      options: Parameters<typeof createApp>[0];
    };
    const app = createApp(options);
    assert.deepEqual((await app.inject("/")).json(), { tasks: 1 });
    await app.close();
  });
});
