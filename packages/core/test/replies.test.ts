import assert from "node:assert/strict";
import { Readable } from "node:stream";
import { describe, it } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import { type Handler, type Response as MiqroResponse, reply } from "@miqro/core";
import { request, type Served, serve } from "./support/serve.js";

function get(handler: Handler): Promise<Served> {
  return serve((app) => app.get("/", handler));
}

describe("what a handler returns", () => {
  const cases: [string, unknown, number, string | null, string][] = [
    ["a string", "<b>", 200, "text/plain; charset=utf-8", "<b>"],
    ["an object", { a: 1 }, 200, "application/json; charset=utf-8", '{"a":1}'],
    ["an object with a status", { status: 418 }, 200, "application/json; charset=utf-8", '{"status":418}'],
    ["a list", [1], 200, "application/json; charset=utf-8", "[1]"],
    ["a number", 7, 200, "application/json; charset=utf-8", "7"],
    ["null", null, 204, null, ""],
    ["bytes", Buffer.from("b"), 200, "application/octet-stream", "b"],
    ["a stream", Readable.from(["a", "b"]), 200, "application/octet-stream", "ab"],
    ["a blob", new Blob(["x"], { type: "text/css" }), 200, "text/css", "x"],
    ["a reply", reply(201, { id: 1 }, { "X-A": "1" }), 201, "application/json; charset=utf-8", '{"id":1}'],
    [
      "a web response",
      new Response("w", { status: 202, headers: { "content-type": "a/b" } }),
      202,
      "a/b",
      "w",
    ],
  ];
  for (const [name, value, status, type, body] of cases) {
    it(`sends ${name}`, async () => {
      await using server = await get(() => value);
      const response = await server.fetch("/");
      assert.equal(response.status, status);
      assert.equal(response.headers.get("content-type"), type);
      assert.equal(response.headers.get("x-content-type-options"), "nosniff");
      assert.equal(await response.text(), body);
    });
  }

  it("is the same for a promise", async () => {
    await using server = await get(async () => ({ a: 1 }));
    assert.deepEqual(await (await server.fetch("/")).json(), { a: 1 });
  });

  it("keeps a status and a content type that the handler has set", async () => {
    await using server = await get((_req, res) => {
      res.statusCode = 201;
      res.setHeader("Content-Type", "text/csv");
      return "a,b";
    });
    const response = await server.fetch("/");
    assert.equal(response.status, 201);
    assert.equal(response.headers.get("content-type"), "text/csv");
  });

  it("renders what the renderer knows, with a doctype for a whole page", async () => {
    class Page {}
    const renderer = { test: (value: unknown) => value instanceof Page, render: async () => "<html></html>" };
    await using server = await serve((app) => app.get("/", () => new Page()), { renderer });
    const response = await server.fetch("/");
    assert.equal(response.headers.get("content-type"), "text/html; charset=utf-8");
    assert.equal(await response.text(), "<!DOCTYPE html>\n<html></html>");
  });

  it("sends the bytes of any view", async () => {
    await using server = await get(() => new DataView(new Uint8Array([1, 65, 66, 2]).buffer, 1, 2));
    assert.equal(await (await server.fetch("/")).text(), "AB");
  });

  it("sends HTML that is bytes as it sends the same string", async () => {
    const texts = ["", "<p>a", "<p>é€😀", `<p>${"x".repeat(16_384 - 3)}`, `<p>${"é".repeat(100_000)}`];
    for (const text of texts) {
      await using server = await serve((app) => {
        const html = { text, bytes: Buffer.from(` ${text}`).subarray(1) };
        for (const [name, body] of Object.entries(html)) {
          app.get(`/${name}`, (_req, res) => res.html(body, { "X-A": "1" }, 201));
          app.get(`/plain/${name}`, (_req, res) => res.html(body));
          app.route({
            path: `/declared/${name}`,
            response: { body: { type: "string", maxLength: 10 } },
            handler: (_req, res) => res.html(body),
          });
          app.route({
            path: `/refused/${name}`,
            response: { status: 200 },
            handler: (_req, res) => res.html(body, {}, 202),
          });
        }
      });
      for (const path of ["", "/plain", "/declared", "/refused"]) {
        for (const method of ["GET", "HEAD"]) {
          const read = async (name: string) => {
            const response = await server.fetch(`${path}/${name}`, { method });
            const headers = [...response.headers].filter(([key]) => key !== "date");
            const sent = response.status < 400 ? Buffer.from(await response.arrayBuffer()).toString() : "";
            return { status: response.status, headers, sent };
          };
          assert.deepEqual(await read("bytes"), await read("text"), `${method} ${path} ${text.slice(0, 20)}`);
        }
      }
    }
  });

  it("sends the bytes of any buffer and view in a stream", async () => {
    const bytes = (): ArrayBuffer => new Uint8Array([65, 66]).buffer;
    const parts: Record<string, () => unknown> = {
      "a buffer": bytes,
      "a view": () => new DataView(bytes()),
      "wider numbers": () => new Uint16Array(bytes()),
      "a string": () => "AB",
    };
    const open = (part: unknown): ReadableStream =>
      new ReadableStream({
        start(controller) {
          controller.enqueue(part);
          controller.enqueue(part);
          controller.close();
        },
      });
    const kinds: Record<string, (part: unknown) => unknown> = {
      "a stream of objects": (part) => Readable.from([part, part]),
      "an iterable": async function* (part) {
        yield part;
        yield part;
      },
      "a web stream": open,
      "a Response": (part) => new Response(open(part)),
    };
    for (const [kind, make] of Object.entries(kinds)) {
      for (const [name, part] of Object.entries(parts)) {
        await using server = await get(() => make(part()));
        assert.equal(await (await server.fetch("/")).text(), "ABAB", `${kind}, ${name}`);
      }
    }
  });

  it("is a 500 for a Response with a part that is neither bytes nor text", async () => {
    for (const part of [null, 5, {}]) {
      for (const isLate of [false, true]) {
        await using server = await get(
          () =>
            new Response(
              new ReadableStream({
                async pull(controller) {
                  if (isLate) await turn();
                  controller.enqueue(part as never);
                  controller.close();
                },
              }),
            ),
        );
        assert.equal((await server.fetch("/")).status, 500, `${part}, ${isLate}`);
      }
    }
  });

  it("takes the answer at once when the renderer is asynchronous", async () => {
    class Page {}
    const renderer = { test: (value: unknown) => value instanceof Page, render: async () => "<b>" };
    await using server = await serve(
      (app) => {
        app.get("/", (_req, res) => {
          res.send(new Page());
        });
        app.get("/", () => "the next one");
      },
      { renderer },
    );
    assert.equal(await (await server.fetch("/")).text(), "<b>");
    assert.deepEqual(server.lines, []);
  });

  it("answers 500 for what has no JSON", async () => {
    for (const value of [() => 1, 10n, Symbol("x")]) {
      await using server = await get(() => value);
      assert.equal((await server.fetch("/")).status, 500);
    }
  });

  it("answers 500 for what would be an empty object, and says why", async () => {
    const form = new FormData();
    form.append("a", "1");
    const hidden: Readonly<Record<string, () => unknown>> = {
      Map: () => new Map([[1, 2]]),
      Set: () => new Set([1]),
      Promise: () => Promise.resolve({ a: 1 }),
      Error: () => new Error("x"),
      URLSearchParams: () => new URLSearchParams("a=1"),
      Headers: () => new Headers({ a: "1" }),
      FormData: () => form,
      "Array Iterator": () => [1].values(),
      RegExp: () => /a/,
    };
    for (const [name, make] of Object.entries(hidden)) {
      await using server = await serve((app) => {
        app.get("/", (_req, res) => res.json(make()));
      });
      assert.equal((await server.fetch("/")).status, 500, name);
      assert.match(server.lines[0]?.out ?? "", new RegExp(`value of the class ${name} would be empty: `));
    }
    class Empty {}
    for (const value of [{}, Object.create(null), new Empty()]) {
      await using server = await serve((app) => {
        app.get("/", (_req, res) => res.json(value));
      });
      assert.equal(await (await server.fetch("/")).text(), "{}");
    }
  });

  it("is nothing for a 205, and no other status ends an answer before its time", async () => {
    const next = "GET /next HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
    const cases: readonly (readonly [number, Handler, number])[] = [
      [205, () => reply(205, "x"), 205],
      [205, (_req, res) => res.json({ a: 1 }, undefined, 205), 205],
      [205, () => reply(205, Readable.from(["x"])), 205],
      [103, (_req, res) => void res.writeHead(103).end(), 500],
      [101, (_req, res) => void Object.assign(res, { statusCode: 101 }).end("x"), 500],
      [100, (_req, res) => void Object.assign(res, { statusCode: 100 }).write("x"), 500],
    ];
    for (const [given, handler, status] of cases) {
      await using server = await serve((app) => app.get("/", handler).get("/next", () => "next"));
      const answers = await server.raw(`GET / HTTP/1.1\r\nHost: a\r\n\r\n${next}`);
      assert.ok(answers.startsWith(`HTTP/1.1 ${status} `), `${given}: ${answers}`);
      assert.equal(answers.match(/HTTP\/1\.1/g)?.length, 2, answers);
      if (status === 205) assert.match(answers, /^Content-Length: 0\r\n(?:.+\r\n)*\r\nHTTP/m);
      const virtual = await server.app.inject("/");
      assert.deepEqual([virtual.status, virtual.body.length > 0], [status, status === 500]);
    }
  });

  it("is a 500 for a stream that was read before", async () => {
    await using server = await get(async () => {
      const stream = Readable.from(["a"]);
      for await (const _part of stream);
      return stream;
    });
    assert.equal((await server.fetch("/")).status, 500);
    assert.match(server.lines[0]?.out ?? "", /was read to its end before/);
  });

  it("goes on after undefined and true, and sends nothing after false", async () => {
    await using server = await serve((app) => {
      app.get("/", () => undefined);
      app.get("/", async () => true);
      app.get("/", (_req, res) => {
        setImmediate(() => res.text("later"));
        return false;
      });
      app.get("/", () => "never");
    });
    assert.equal(await (await server.fetch("/")).text(), "later");
  });

  it("collects what middleware returns", async () => {
    await using server = await serve((app) => {
      app.use([() => 1, async () => null, () => true]);
      app.get(
        "/",
        () => "own",
        (req) => req.results,
      );
    });
    assert.deepEqual(await (await server.fetch("/")).json(), [1, null, "own"]);
  });

  it("cuts the connection when a stream fails, so that no half answer looks whole", async () => {
    await using server = await get(() =>
      Readable.from(
        (async function* () {
          yield "half";
          throw new Error("broken");
        })(),
      ),
    );
    await assert.rejects(async () => (await server.fetch("/")).text());
  });
});

describe("Response", () => {
  it("writes head and body at once, with the length in bytes", async () => {
    await using server = await get((_req, res) => res.json({ a: "é" }));
    const answer = await server.raw(request("GET /"));
    const [head = "", body] = answer.split("\r\n\r\n");
    assert.equal(body, '{"a":"Ã©"}');
    assert.deepEqual(
      head.split("\r\n").filter((line) => !line.startsWith("Date:")),
      [
        "HTTP/1.1 200 OK",
        "Content-Type: application/json; charset=utf-8",
        "Content-Length: 10",
        "X-Content-Type-Options: nosniff",
        "Connection: close",
      ],
    );
  });

  it("ignores a second reply and logs it once", async () => {
    await using server = await get((_req, res) => {
      res.text("first");
      res.text("second");
      return "third";
    });
    assert.equal(await (await server.fetch("/")).text(), "first");
    assert.deepEqual(
      server.lines.map((line) => line.level),
      ["warn"],
    );
  });

  it("sets and clears cookies with safe defaults, and keeps several", async () => {
    await using server = await get((_req, res) => {
      res.setCookie("a", "1 2");
      res.setCookie("b", "2", { httpOnly: false, sameSite: "strict" });
      res.clearCookie("c");
      res.setCookie("e", "5", { httpOnly: undefined, sameSite: undefined, path: undefined } as object);
      res.setCookie("f", "6", { sameSite: "None" as "none" });
      res.json({}, { "Set-Cookie": "d=4" });
    });
    const response = await server.fetch("/");
    assert.deepEqual(response.headers.getSetCookie(), [
      "a=1%202; Path=/; HttpOnly; SameSite=Lax",
      "b=2; Path=/; SameSite=Strict",
      "c=; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT; HttpOnly; SameSite=Lax",
      "e=5; Path=/; HttpOnly; SameSite=Lax",
      "f=6; Path=/; HttpOnly; Secure; SameSite=None",
      "d=4",
    ]);
  });

  it("sends no line that a value smuggled in, and answers 500 instead", async () => {
    const evil = "a\r\nX-Evil: 1";
    const attacks: Handler[] = [
      (_req, res) => res.text("x", { "X-A": evil }),
      (_req, res) => res.text("x", { "X-A": ["ok", evil] }),
      (_req, res) => res.text("x", { [evil]: "1" }),
      (_req, res) => res.text("x", { "": "1" }),
      (_req, res) => res.text("x", { "X-A": "\0" }),
      (_req, res) => res.text("x", { "X-A": "\u{1f600}" }),
      (_req, res) => res.setCookie("a", "b", { path: `/${evil}` }),
      (_req, res) => res.setCookie("a", "b", { domain: "a;b" }),
      (_req, res) => res.setCookie(evil, "b"),
      (_req, res) => res.addVaryHeader(evil),
      (_req, res) => {
        res.setHeader("Content-Type", evil);
      },
      (_req, res) => {
        res.statusMessage = evil;
        return "x";
      },
      (_req, res) => {
        res.statusMessage = evil;
        res.setHeader("X-A", "1");
        return { a: 1 };
      },
      () => reply(200, "x", { "X-A": evil }),
      () => reply(99, "x"),
      () => new Blob(["x"], { type: "\u00e9" }),
      (_req, res) => res.redirect("/", { "X-A": evil }),
      (_req, res) => res.redirect(undefined as unknown as string),
    ];
    for (const [index, attack] of attacks.entries()) {
      await using server = await get(attack);
      const answer = await server.raw(request("GET /"));
      // The type of a blob is for the browser to make sense of; it cannot break a line.
      assert.match(
        answer,
        index === 15 ? /^HTTP\/1.1 200 OK/ : /^HTTP\/1.1 500 Internal Server Error\r\n/,
        `${index}`,
      );
      assert.doesNotMatch(answer, /\r\nX-Evil/i);
    }
  });

  it("escapes what is no part of an address, so that a path stays a path to browsers", async () => {
    const cases: [string, string][] = [
      ["/a\r\nX-Evil: 1", "/a%0D%0AX-Evil:%201"],
      ["/\\evil.example", "/%5Cevil.example"],
      ["\\\\evil.example", "%5C%5Cevil.example"],
      ["/\t/evil.example", "/%09/evil.example"],
      ["/\u2028\u{1f600}\ud800", "/%E2%80%A8%F0%9F%98%80%EF%BF%BD"],
      ["/%20?a=%zz#b", "/%20?a=%zz#b"],
    ];
    for (const [url, location] of cases) {
      await using server = await get((_req, res) => res.redirect(url));
      const answer = await server.raw(request("GET /"));
      assert.match(answer, /^HTTP\/1.1 302 Found\r\n/);
      assert.equal(/\r\nLocation: ([^\r]*)\r\n/.exec(answer)?.[1], location);
      assert.doesNotMatch(answer, /\r\nX-Evil/i);
    }
  });

  const cookieRows: [name: string, set: (res: MiqroResponse) => void, sent: string[]][] = [
    [
      "the same cookie",
      (res) => {
        res.setCookie("a", "1");
        res.setCookie("a", "2", { maxAge: 5, httpOnly: false });
      },
      ["a=2; Max-Age=5; Path=/; SameSite=Lax"],
    ],
    [
      "a cookie that is cleared, and the other way round",
      (res) => {
        res.setCookie("a", "1");
        res.clearCookie("a");
        res.clearCookie("b");
        res.setCookie("b", "1");
      },
      [
        "a=; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT; HttpOnly; SameSite=Lax",
        "b=1; Path=/; HttpOnly; SameSite=Lax",
      ],
    ],
    [
      "a cookie of Node's methods",
      (res) => {
        res.setHeader("Set-Cookie", "a=1; Path=/");
        res.setCookie("a", "2");
      },
      ["a=2; Path=/; HttpOnly; SameSite=Lax"],
    ],
    [
      "no cookie of another path, domain or name",
      (res) => {
        res.setCookie("a", "1");
        res.setCookie("a", "2", { path: "/x" });
        res.setCookie("a", "3", { domain: "a.example" });
        res.setCookie("A", "4");
        res.setCookie("a2", "5");
      },
      [
        "a=1; Path=/; HttpOnly; SameSite=Lax",
        "a=2; Path=/x; HttpOnly; SameSite=Lax",
        "a=3; Domain=a.example; Path=/; HttpOnly; SameSite=Lax",
        "A=4; Path=/; HttpOnly; SameSite=Lax",
        "a2=5; Path=/; HttpOnly; SameSite=Lax",
      ],
    ],
  ];
  for (const [name, set, sent] of cookieRows) {
    it(`sends a cookie once: it replaces ${name}`, async () => {
      await using server = await get((_req, res) => {
        set(res);
        return "x";
      });
      assert.deepEqual((await server.fetch("/")).headers.getSetCookie(), sent);
    });
  }

  it("encodes the value of a cookie", async () => {
    await using server = await get((_req, res) => {
      res.setCookie("a", "x; Path=/evil\r\nX-Evil: \u20ac");
      return "x";
    });
    const answer = await server.raw(request("GET /"));
    assert.match(answer, /\r\nSet-Cookie: a=x%3B%20Path%3D%2Fevil%0D%0AX-Evil%3A%20%E2%82%AC; Path=\//);
  });

  it("redirects and adds to Vary", async () => {
    await using server = await get((_req, res) => {
      res.addVaryHeader("Accept");
      res.addVaryHeader("accept");
      res.addVaryHeader("Origin");
      res.redirect("/é?a=%20");
    });
    const response = await server.fetch("/");
    assert.equal(response.status, 302);
    assert.equal(response.headers.get("location"), "/%C3%A9?a=%20");
    assert.equal(response.headers.get("vary"), "Accept, Origin");
  });

  it("resolves asyncEnd when the answer has left", async () => {
    let left = false;
    await using server = await get(async (_req, res) => {
      await res.asyncEnd({ status: 202, headers: { "X-A": "1" }, body: "x" });
      left = res.writableFinished;
    });
    const response = await server.fetch("/");
    assert.equal(response.status, 202);
    await response.text();
    assert.equal(left, true);
  });
});

describe("a stream whose head cannot be sent", () => {
  it("is closed, and a 500 answered in its place", async () => {
    const sources: [string, () => Readable][] = [
      ["with a body", () => Readable.from([Buffer.from("x")])],
      ["without a body", () => Readable.from([])],
      ["of other values", () => Readable.from([() => {}])],
      ["read from a source of its own", () => new Readable({ read: () => {} })],
    ];
    for (const [name, create] of sources) {
      const stream = create();
      await using server = await get((_req, res) => {
        if (name !== "of other values") res.statusMessage = "a\nb";
        if (name === "read from a source of its own") setImmediate(() => stream.push("x"));
        return stream;
      });
      assert.equal((await server.fetch("/")).status, 500, name);
      assert.equal(stream.destroyed, true, name);
      assert.match(server.lines[0]?.out ?? "", /GET \/ answered 500/, name);
    }
  });
});
