import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import { App, MultipartParser, type Request, type UploadedFile } from "@miqro/core";
import { serve } from "./support/serve.js";

describe("Response.defer", () => {
  it("runs also when the client has gone, whatever was deferred before", async () => {
    const order: string[] = [];
    let enter = (): void => {};
    const entered = new Promise<void>((resolve) => {
      enter = resolve;
    });
    let finish = (): void => {};
    const finished = new Promise<void>((resolve) => {
      finish = resolve;
    });
    await using server = await serve((app) => {
      app.after(() => void order.push("after"));
      app.get("/", async (req, res) => {
        res.defer(() => order.push("first"));
        const gone = new Promise((resolve) => req.signal.addEventListener("abort", resolve));
        enter();
        await gone;
        // What runs after the answer has run by now.
        await new Promise((resolve) => setImmediate(resolve));
        res.defer(() => order.push("second"));
        res.defer(finish);
      });
    });
    const socket = connect(server.port, "127.0.0.1");
    socket.write("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    await entered;
    socket.destroy();
    await finished;
    assert.deepEqual(order, ["first", "after", "second"]);
  });

  it("runs from a deferred function, before the steps after the answer", async () => {
    const order: string[] = [];
    let finish = (): void => {};
    const finished = new Promise<void>((resolve) => {
      finish = resolve;
    });
    const app = new App().after([() => void order.push("after"), () => finish()]);
    app.get("/", (_req, res) => {
      res.defer(async () => {
        order.push("outer");
        res.defer(() => order.push("inner"));
      });
      return "x";
    });
    await app.inject("/");
    await finished;
    assert.deepEqual(order, ["outer", "inner", "after"]);
  });

  it("finds uploads where they were, as the steps after the answer do; then they are removed", async () => {
    const folder = await mkdtemp(join(tmpdir(), "after-"));
    const seen: [string, boolean][] = [];
    const look = (by: string, req: Request): void => {
      seen.push([by, existsSync((req.body as { file: UploadedFile }).file.path)]);
    };
    const app = new App().after((req) => look("after", req));
    app.post("/", MultipartParser({ folder }), (req, res) => {
      res.defer(() => look("defer", req));
      return "x";
    });
    const line = 'Content-Disposition: form-data; name="file"; filename="a"';
    const answer = await app.inject({
      method: "POST",
      url: "/",
      headers: { "content-type": "multipart/form-data; boundary=b" },
      body: `--b\r\n${line}\r\n\r\nhello\r\n--b--\r\n`,
    });
    assert.equal(answer.status, 200);
    while ((await readdir(folder)).length > 0) await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual(seen, [
      ["defer", true],
      ["after", true],
    ]);
    await rm(folder, { recursive: true });
  });
});
