import assert from "node:assert/strict";
import { once } from "node:events";
import { connect } from "node:net";
import { describe, it } from "node:test";
import { App, type AppOptions, ArgumentError, type Request } from "@miqro/core";
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
      ["a b", "http, https", ["localhost", "https"]],
      ["a.example, b.example", "HTTPS", ["b.example", "https"]],
      ["[::1]:81", "", ["[::1]", "http"]],
    ] as const) {
      const lines = request("GET /", `X-Forwarded-Host: ${host}`, `X-Forwarded-Proto: ${proto}`);
      assert.deepEqual(await ask(read, lines, { trustProxy: 1 }), expected);
    }
  });

  it("believes of forwarded hosts and protocols what the outermost trusted proxy saw", async () => {
    const read = (req: Request) => [req.ip, req.protocol, req.hostname, req.request.url];
    const lines = (host: string, proto: string, addresses: string) =>
      request(
        "GET /p",
        `X-Forwarded-For: ${addresses}`,
        `X-Forwarded-Proto: ${proto}`,
        `X-Forwarded-Host: ${host}`,
      );
    const spoofed = lines("evil.example, real.example", "https, http", "6.6.6.6, 1.1.1.1");
    const one = ["1.1.1.1", "http", "real.example", "http://real.example/p"];
    assert.deepEqual(await ask(read, spoofed, { trustProxy: 1 }), one);
    assert.deepEqual(await ask(read, spoofed, { trustProxy: ["127.0.0.1"] }), one);
    const two = lines("evil.example, real.example, inner", "http, https, http", "6.6.6.6, 1.1.1.1, 2.2.2.2");
    const seen = ["1.1.1.1", "https", "real.example", "https://real.example/p"];
    assert.deepEqual(await ask(read, two, { trustProxy: 2 }), seen);
    assert.deepEqual(await ask(read, two, { trustProxy: ["127.0.0.0/8", "::ffff:2.2.2.0/120"] }), seen);
    // One that replaces the header, behind one that does not know it.
    const replaced = lines("real.example", "https", "1.1.1.1, 2.2.2.2");
    assert.deepEqual(await ask(read, replaced, { trustProxy: 2 }), seen);
    const illegal = lines('"><script>', "javascript", "[::1");
    const own = ["127.0.0.1", "http", "localhost", "http://localhost/p"];
    for (const trustProxy of [1, true, false] as const) {
      assert.deepEqual(await ask(read, illegal, { trustProxy }), own);
    }
  });

  it("refuses to trust what is no address or network", () => {
    const lists = [
      "10.0.0.0/",
      "10.0.0.0/33",
      "10.0.0.0/8/9",
      "10.0.0.0/1e1",
      "10.0.0.0/-1",
      "::1/129",
      "",
      "host",
    ];
    for (const entry of [...lists, "fe80::1%eth0", "::ffff:1.2.3.4/95", 5, null]) {
      assert.throws(
        () => new App({ trustProxy: [entry as string] }),
        /trustProxy must list .*; .* is neither/,
        `${entry}`,
      );
    }
    for (const trust of ["10.0.0.0/8", "loopback", {}, null, () => true, -1, 1.5]) {
      assert.throws(() => new App({ trustProxy: trust as never }), ArgumentError, String(trust));
    }
  });

  it("takes the host of a target in absolute form, and never one out of a path", async () => {
    const read = (req: Request) => [req.hostname, req.request.url, req.path];
    const get = (target: string, host: string) =>
      `GET ${target} HTTP/1.1\r\nHost:${host}\r\nConnection: close\r\n\r\n`;
    assert.deepEqual(await ask(read, get("http://a.example:81/q?x=1#h", " other")), [
      "a.example",
      "http://a.example:81/q?x=1#h",
      "/q",
    ]);
    assert.deepEqual(await ask(read, get("/q?x", " A.b:80")), ["A.b", "http://a.b/q?x", "/q"]);
    assert.deepEqual(await ask(read, get("//evil.com/../who", "")), ["", "http://localhost//who", "/who"]);
    assert.deepEqual(await ask(read, get("//evil.com/x", "")), [
      "",
      "http://localhost//evil.com/x",
      "/evil.com/x",
    ]);
    assert.deepEqual(await ask(read, get("/a\\..\\b", " [::1]:80")), [
      "[::1]",
      "http://[::1]/a%5C..%5Cb",
      "/a\\..\\b",
    ]);
    await using server = await serve((app) => app.get("/*", (req) => req.request.url));
    for (const target of [
      "http://u@h/",
      "http://[::::]/",
      "http://h:99999/",
      "http://1.2.3.4.5/",
      "http://?",
    ]) {
      assert.match(await server.raw(get(target, " a")), /^HTTP\/1.1 400 /, target);
    }
    assert.match(await server.raw(get("/", " 1.2.3.4.5")), /^HTTP\/1.1 400 /);
    assert.deepEqual(server.lines, []);
  });

  it("answers 400 to two hosts and to an illegal one", async () => {
    await using server = await serve((app) => app.get("/", () => "x"));
    const illegal = ["Host: [::::]", "Host: [1.2.3.4]", "Host: a:65536", "Host: [::1", "Host: [::1]x"];
    for (const hosts of ["Host: a\r\nhost: b", "Host: a/b", "Host: a b", "Host: a:x", ...illegal]) {
      // What follows on the connection is not read.
      const answer = await server.raw(`GET / HTTP/1.1\r\n${hosts}\r\n\r\n${request("GET /")}`);
      assert.match(answer, /^HTTP\/1.1 400 (?![\s\S]*HTTP\/1.1 )/, hosts);
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
