import assert from "node:assert/strict";
import { once } from "node:events";
import { connect } from "node:net";
import { describe, it } from "node:test";
import type { AppOptions, Request } from "@miqro/core";
import { request, serve } from "./support/serve.js";

async function ask<T>(read: (req: Request) => T, lines: string, options?: AppOptions): Promise<T> {
  let value: T | undefined;
  await using server = await serve((app) => {
    app.use((req) => {
      value = read(req);
    });
  }, options);
  await server.raw(lines);
  return value as T;
}

describe("Request", () => {
  it("gives guards and handlers one decoded, normalised path", async () => {
    const paths: [string, string][] = [
      ["/", "/"],
      ["/a//b/", "/a/b"],
      ["/%61/b?x=/c", "/a/b"],
      ["/a/../b/./c", "/b/c"],
      ["/a/%2e%2e/b", "/b"],
      ["/../../etc", "/etc"],
      ["/a%2Fb", "/a%2Fb"],
      ["/a;b=c", "/a;b=c"],
      ["http://evil.example/a?b", "/a"],
      ["http://evil.example?b", "/"],
      ["/%C3%A9", "/é"],
    ];
    for (const [target, path] of paths) {
      assert.equal(await ask((req) => req.path, request(`GET ${target}`)), path, target);
    }
  });

  it("decodes a parameter once", async () => {
    let seen: unknown;
    await using server = await serve((app) =>
      app.get("/x/:id", (req) => {
        seen = req.params.id;
        return "ok";
      }),
    );
    await server.fetch("/x/a%2Fb%2520");
    assert.equal(seen, "a/b%20");
  });

  it("reads query, search parameters, path name and fragment", async () => {
    const read = (req: Request) => ({
      query: { ...req.query },
      b: req.searchParams.get("b"),
      pathname: req.pathname,
    });
    assert.deepEqual(await ask(read, request("GET /p//q/?a=1&b=2&a=3&__proto__=x&constructor=y")), {
      query: { a: ["1", "3"], b: "2", constructor: "y" },
      b: "2",
      pathname: "/p//q/",
    });
    assert.equal(await ask((req) => req.hash, request("GET /p#f")), "#f");
  });

  it("reads cookies without inherited names", async () => {
    const cookies = await ask((req) => req.cookies, request("GET /", "Cookie: a=1; b=%20; __proto__=x"));
    assert.deepEqual({ ...cookies }, { a: "1", b: " " });
    assert.equal((cookies as Record<string, unknown>).toString, undefined);
  });

  it("believes forwarded headers only of a trusted proxy", async () => {
    const lines = request(
      "GET /",
      "X-Forwarded-For: 1.1.1.1, 2.2.2.2",
      "X-Forwarded-Proto: https",
      "X-Forwarded-Host: a.example:8443",
      "X-Request-Id: abc",
    );
    const read = (req: Request) => [req.ip, req.protocol, req.hostname, req.uuid.length];
    assert.deepEqual(await ask(read, lines), ["127.0.0.1", "http", "localhost", 36]);
    assert.deepEqual(await ask(read, lines, { trustProxy: 1 }), ["2.2.2.2", "https", "a.example", 3]);
    assert.deepEqual(await ask(read, lines, { trustProxy: true }), ["1.1.1.1", "https", "a.example", 3]);
    assert.deepEqual(await ask(read, lines, { trustProxy: ["127.0.0.0/8", "2.2.2.2"] }), [
      "1.1.1.1",
      "https",
      "a.example",
      3,
    ]);
    assert.deepEqual(await ask(read, lines, { trustProxy: ["10.0.0.0/8"] }), [
      "127.0.0.1",
      "http",
      "localhost",
      36,
    ]);
  });

  it("takes addresses with ports and of both families, and stops at what is none", async () => {
    const cases: [string, string | undefined, string | undefined][] = [
      // what the proxy forwards, who it is for a trusted proxy, and with a list
      ["1.2.3.4:567", "1.2.3.4", undefined],
      ["[2001:db8::1]:443", "2001:db8::1", undefined],
      ["[2001:db8::1]", "2001:db8::1", undefined],
      ["2001:db8::1", "2001:db8::1", undefined],
      ["::ffff:1.2.3.4", "1.2.3.4", undefined],
      ["5.6.7.8, 10.0.0.1", "5.6.7.8", "5.6.7.8"],
      ["5.6.7.8, fe80::1", "5.6.7.8", "5.6.7.8"],
      ["5.6.7.8, fe80::1%eth0", "5.6.7.8", "5.6.7.8"],
      ["5.6.7.8, garbage", undefined, undefined],
      ["garbage, 5.6.7.8", "5.6.7.8", "5.6.7.8"],
      ["<script>, 10.0.0.1", "10.0.0.1", "10.0.0.1"],
      ["unknown", undefined, undefined],
      ["_hidden", undefined, undefined],
      [",,,", undefined, undefined],
      ["1.2.3.4,", undefined, undefined],
      ["1.2.3.4:", undefined, undefined],
      ["1.2.3:4", undefined, undefined],
      ["[::1", undefined, undefined],
      ["1.2.3.4:999999", undefined, undefined],
      ["10.0.0.1, ".repeat(700), undefined, undefined],
    ];
    for (const [forwarded, all, listed] of cases) {
      const lines = request("GET /", `X-Forwarded-For: ${forwarded}`);
      const ip = (req: Request) => req.ip;
      assert.equal(await ask(ip, lines, { trustProxy: true }), all ?? "127.0.0.1", forwarded);
      const trustProxy = ["127.0.0.1", "10.0.0.0/8", "fe80::/10"];
      if (listed !== undefined) assert.equal(await ask(ip, lines, { trustProxy }), listed, forwarded);
      assert.equal(await ask(ip, lines, { trustProxy: ["::1"] }), "127.0.0.1");
    }
  });

  it("takes no forwarded host or scheme that none can be", async () => {
    const read = (req: Request) => [req.hostname, req.protocol];
    for (const [host, proto, expected] of [
      ["<script>", "javascript", ["localhost", "http"]],
      ["a b", "https, http", ["localhost", "https"]],
      ["a.example, b.example", "HTTPS", ["a.example", "https"]],
      ["[::1]:81", "", ["[::1]", "http"]],
    ] as const) {
      const lines = request("GET /", `X-Forwarded-Host: ${host}`, `X-Forwarded-Proto: ${proto}`);
      assert.deepEqual(await ask(read, lines, { trustProxy: 1 }), expected);
    }
  });

  it("answers 400 to two hosts and to an illegal one", async () => {
    await using server = await serve((app) => app.get("/", () => "x"));
    for (const hosts of ["Host: a\r\nhost: b", "Host: a/b", "Host: a b", "Host: a:x"]) {
      const answer = await server.raw(`GET / HTTP/1.1\r\n${hosts}\r\nConnection: close\r\n\r\n`);
      assert.match(answer, /^HTTP\/1.1 400 /, hosts);
    }
    assert.match(await server.raw("GET / HTTP/1.1\r\nHost: [::1]:80\r\nConnection: close\r\n\r\n"), / 200 /);
  });

  it("aborts its signal when the client goes away, and not after an answer", async () => {
    let signal: AbortSignal | undefined;
    let entered = (): void => {};
    const waiting = new Promise<void>((resolve) => {
      entered = resolve;
    });
    await using server = await serve((app) => {
      app.get("/wait", (req) => {
        signal = req.signal;
        entered();
        return new Promise(() => {});
      });
      app.get("/done", (req) => {
        signal = req.signal;
        return "x";
      });
    });
    await server.raw(request("GET /done"));
    assert.equal(signal?.aborted, false);
    const socket = connect(server.port, "127.0.0.1");
    socket.write(request("GET /wait"));
    await waiting;
    const aborted = once(signal as AbortSignal, "abort");
    socket.destroy();
    await aborted;
  });
});
