import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { request, Server } from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import { App, ArgumentError } from "@miqro/core";
import micro, * as entry from "@miqro/core/micro";
import { askerOf, catchErrors, listen } from "../support/micro.js";

const { serve } = entry;

describe("micro", () => {
  it("makes a server of a function", async (t) => {
    const server = micro(() => "hello");
    assert.ok(server instanceof Server);
    assert.equal((await (await listen(t, server))()).body, "hello");
  });

  it("has the functions of the entry as its members, also for require", () => {
    const required = createRequire(import.meta.url)("@miqro/core/micro") as typeof micro;
    assert.equal(required, micro);
    assert.equal(entry.micro, micro);
    const names = [
      "serve",
      "run",
      "send",
      "sendError",
      "createError",
      "HttpError",
      "buffer",
      "text",
      "json",
    ] as const;
    for (const name of names) assert.equal(micro[name], entry[name], name);
  });

  it("takes a function", () => {
    for (const wrong of [undefined, null, {}, "a"]) {
      assert.throws(
        () => micro(wrong as never),
        (error) => error instanceof ArgumentError,
      );
    }
  });
});

describe("the listen of a function", () => {
  it("takes a port, options and endpoints, several at once, and close ends all", async (t) => {
    const folder = await mkdtemp(join(tmpdir(), "miqro-functions-"));
    t.after(() => rm(folder, { recursive: true, force: true }));
    const path = join(folder, "a.sock");
    const service = serve((req) => `on ${req.url}`);
    const ports = [
      await service.listen({ port: 0, host: "127.0.0.1" }),
      await service.listen("tcp://127.0.0.1:0"),
      await service.listen(0),
    ].map((address) => (address as AddressInfo).port);
    assert.equal(await service.listen(`unix:${path}`), path);
    for (const port of ports) assert.equal((await askerOf(port)("/x")).body, "on /x");
    const body = await new Promise((resolve, reject) => {
      request({ socketPath: path, path: "/y" }, (res) => res.setEncoding("utf8").on("data", resolve))
        .on("error", reject)
        .end();
    });
    assert.equal(body, "on /y");
    await service.close({ drainIdle: 0 });
    for (const port of ports) await assert.rejects(askerOf(port)());
    assert.equal(existsSync(path), false);
  });

  it("lets a request finish when it is closed", async () => {
    let begun = (): void => {};
    const isBegun = new Promise<void>((resolve) => {
      begun = resolve;
    });
    let finish = (_value: string): void => {};
    const service = serve(() => {
      begun();
      return new Promise((resolve) => {
        finish = resolve;
      });
    });
    const { port } = (await service.listen("tcp://127.0.0.1:0")) as AddressInfo;
    const asking = askerOf(port)();
    await isBegun;
    const closing = service.close({ drainIdle: 0 });
    finish("done");
    assert.equal((await asking).body, "done");
    await closing;
  });

  it("refuses an endpoint that is none", async () => {
    await assert.rejects(serve(() => "").listen("unix:"), /Invalid UNIX domain socket endpoint/);
  });
});

describe("a function in an app", () => {
  it("is a handler: it answers in every case, and may answer later", async (t) => {
    catchErrors(t);
    const app = new App();
    app.get(
      "/value",
      serve(() => ({ a: 1 })),
    );
    app.get(
      "/promise",
      serve(async () => "b"),
    );
    app.get(
      "/later",
      serve((_req, res) => void setImmediate(() => res.end("c"))),
    );
    app.get(
      "/error",
      serve(() => Promise.reject(entry.createError(418, "d"))),
    );
    app.use(
      "/below",
      serve((req) => req.url),
    );
    app.get("/after", () => "the app");
    const { port } = (await app.listen({ port: 0, host: "127.0.0.1" })) as AddressInfo;
    t.after(() => app.close({ drainIdle: 0, timeout: 100 }));
    const ask = askerOf(port);
    for (const [path, status, body] of [
      ["/value", 200, '{"a":1}'],
      ["/promise", 200, "b"],
      ["/later", 200, "c"],
      ["/error", 418, "d"],
      ["/below/it", 200, "/below/it"],
      ["/after", 200, "the app"],
    ] as const) {
      const answer = await ask(path);
      assert.deepEqual([answer.status, answer.body], [status, body]);
    }
    for (const [path, body] of [
      ["/value", '{"a":1}'],
      ["/promise", "b"],
      ["/error", "d"],
    ] as const) {
      assert.equal((await app.inject(path)).text(), body);
    }
  });
});
