import assert from "node:assert/strict";
import { once } from "node:events";
import { request } from "node:http";
import { describe, it } from "node:test";
import { get } from "./support/get.js";
import { serve } from "./support/serve.js";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

/** A stream that gives its parts one after the other, each when the one before was taken. */
function streamOf(...parts: readonly (string | Error)[]): ReadableStream<Uint8Array> {
  const rest = [...parts];
  return new ReadableStream({
    pull(controller) {
      const part = rest.shift();
      if (part === undefined) controller.close();
      else if (part instanceof Error) controller.error(part);
      else controller.enqueue(bytes(part));
    },
  });
}

describe("a returned Response", () => {
  for (const [fact, create, length, body] of [
    ["of a string leaves whole", () => new Response("text é"), "7", "text é"],
    ["of bytes leaves whole", () => new Response(bytes("bytes")), "5", "bytes"],
    ["of a blob leaves whole, or as a stream", () => new Response(new Blob(["blob"])), undefined, "blob"],
    ["of an empty string has the length 0", () => new Response(""), "0", ""],
    ["of 100 kB leaves whole", () => new Response("x".repeat(100_000)), "100000", "x".repeat(100_000)],
    ["of a stream with one part leaves whole", () => new Response(streamOf("one")), "3", "one"],
    ["of a stream with several parts is a stream", () => new Response(streamOf("a", "b", "c")), null, "abc"],
  ] as const) {
    it(fact, async () => {
      await using server = await serve((app) => {
        app.get("/", create);
      });
      const answer = await get(server.url);
      assert.deepEqual([answer.status, answer.body.toString()], [200, body]);
      if (length !== undefined) assert.equal(answer.headers["content-length"] ?? null, length);
      assert.equal(answer.headers["x-content-type-options"], "nosniff");
      const head = await get(server.url, {}, "HEAD");
      assert.deepEqual([head.status, head.body.length], [200, 0]);
    });
  }

  it("keeps its status, its headers, all of its cookies and those that were set before", async () => {
    await using server = await serve((app) => {
      app.use((_req, res) => res.setHeader("X-Before", "1"), "/before");
      const create = (): Response => {
        const response = new Response("x", {
          status: 203,
          headers: { "X-Own": "1", Connection: "X-Hop", "X-Hop": "1" },
        });
        response.headers.append("Set-Cookie", "a=1");
        response.headers.append("Set-Cookie", "b=2");
        return response;
      };
      app.get("/bare", create).get("/before", create);
    });
    for (const path of ["/bare", "/before"]) {
      const { status, headers } = await get(server.url + path);
      assert.deepEqual(
        [status, headers["x-own"], headers["x-hop"], headers["set-cookie"], headers["x-before"]],
        [203, "1", undefined, ["a=1", "b=2"], path === "/bare" ? undefined : "1"],
      );
    }
  });

  it("with an unfit length gets that of its body", async () => {
    await using server = await serve((app) => {
      app.get("/", () => new Response("four", { headers: { "Content-Length": "10" } }));
    });
    const answer = await get(server.url);
    assert.deepEqual([answer.headers["content-length"], answer.body.toString()], ["4", "four"]);
  });

  it("whose stream fails is a 500 before the first byte, and cuts the connection later", async () => {
    await using server = await serve((app) => {
      app.get("/first", () => new Response(streamOf(new Error("broken"))));
      app.get("/later", () => new Response(streamOf("a", "b", new Error("broken"))));
      app.get("/used", async () => {
        const response = new Response("x");
        await response.text();
        return response;
      });
    });
    assert.equal((await get(`${server.url}/first`)).status, 500);
    await assert.rejects(get(`${server.url}/later`), { code: "ECONNRESET" });
    assert.equal((await get(`${server.url}/used`)).status, 500);
  });

  it("is cancelled when its client goes away", async () => {
    let tell = (): void => {};
    const gone = new Promise<void>((resolve) => {
      tell = resolve;
    });
    await using server = await serve((app) => {
      app.get("/", () => {
        const body = new ReadableStream({
          start: (controller) => controller.enqueue(bytes("first")),
          cancel: () => tell(),
        });
        return new Response(body);
      });
    });
    const sent = request(server.url, { agent: false }).end();
    const [answer] = await once(sent, "response");
    await once(answer, "data");
    sent.destroy();
    await gone;
  });
});
