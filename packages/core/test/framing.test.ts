import assert from "node:assert/strict";
import { EventEmitter, once } from "node:events";
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { describe, it } from "node:test";
import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";
import {
  type App,
  BadRequestError,
  type Handler,
  JSONParser,
  ReadBuffer,
  type Response,
  reply,
  Static,
} from "@miqro/core";
import { serve } from "./support/serve.js";

const get = (path: string, ...headers: string[]): string =>
  `${[`GET ${path} HTTP/1.1`, "Host: a", ...headers].join("\r\n")}\r\n\r\n`;
const get10 = (path: string, ...headers: string[]): string =>
  `${[`GET ${path} HTTP/1.0`, ...headers].join("\r\n")}\r\n\r\n`;
const statuses = (answer: string): number[] =>
  [...answer.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status));

interface Received {
  readonly text: string;
  /** How the server ended the connection. */
  readonly end: "closed" | "reset";
}

/** What the client of the present `exchange` has read, and an event for each part. */
const client = Object.assign(new EventEmitter(), { text: "" });

/** Resolves when the client of the present `exchange` has read a text. */
async function untilRead(text: string): Promise<void> {
  while (!client.text.includes(text)) await once(client, "data");
}

/** Sends bytes, and reads until the server closes. The client closes its side when `last` has come. */
async function exchange(port: number, bytes: string, last?: RegExp): Promise<Received> {
  client.text = "";
  const socket = connect(port, "127.0.0.1").setEncoding("latin1");
  let text = "";
  let end: Received["end"] = "closed";
  socket.on("error", () => {
    end = "reset";
  });
  socket.on("data", (chunk) => {
    text += chunk;
    client.text = text;
    client.emit("data");
    if (last?.test(text)) socket.end();
  });
  socket.write(bytes, "latin1");
  await new Promise((resolve) => socket.once("close", resolve));
  return { text, end };
}

/** Reads answers as a client has to: each by what its head says. What is left over is no answer. */
function parse(text: string): { answers: { head: string; body: string }[]; rest: string } {
  const answers: { head: string; body: string }[] = [];
  let rest = text;
  for (;;) {
    const at = rest.indexOf("\r\n\r\n");
    if (!/^HTTP\/1\.1 \d{3} /.test(rest) || at === -1) return { answers, rest };
    const head = rest.slice(0, at);
    rest = rest.slice(at + 4);
    const length = /\r\ncontent-length: (\d+)/i.exec(head)?.[1];
    if (/\r\ntransfer-encoding: chunked/i.test(head)) {
      assert.equal(length, undefined, "both ways to tell the end of a body");
      let body = "";
      for (;;) {
        const size = /^([0-9a-f]+)\r\n/i.exec(rest);
        if (size === null) return { answers, rest };
        const count = Number.parseInt(size[1] as string, 16);
        const from = size[0].length;
        if (rest.length < from + count + 2) return { answers, rest };
        body += rest.slice(from, from + count);
        rest = rest.slice(from + count + 2);
        if (count === 0) break;
      }
      answers.push({ head, body });
    } else if (length !== undefined && !/^HTTP\/1\.1 (?:204|304)/.test(head)) {
      if (rest.length < Number(length)) return { answers, rest };
      answers.push({ head, body: rest.slice(0, Number(length)) });
      rest = rest.slice(Number(length));
    } else {
      answers.push({ head, body: "" });
    }
  }
}

const parts = (...texts: string[]): Readable => Readable.from(texts.map((text) => Buffer.from(text)));
const later = (res: Response, call: () => void): false => {
  setImmediate(call);
  res.once("close", () => {});
  return false;
};

/** A body that is not there yet: one that is there is sent with its own length. */
function comeLater(texts: readonly string[]): ReadableStream<Uint8Array> {
  return new ReadableStream({
    async start(controller) {
      await new Promise((resolve) => setImmediate(resolve));
      const text = texts.join("");
      if (text !== "") controller.enqueue(Buffer.from(text));
      controller.close();
    },
  });
}

describe("a body of another length than its Content-Length", () => {
  // With the length that the head promises, and the body.
  const ways: [name: string, answer: (length: number, texts: string[]) => Handler][] = [
    ["a stream", (length, texts) => () => reply(200, parts(...texts), { "Content-Length": length })],
    [
      "a stream and setHeader",
      (length, texts) => (_req, res) => {
        res.setHeader("content-length", length);
        return parts(...texts);
      },
    ],
    [
      "a generator",
      (length, texts) =>
        async function* (_req, res) {
          res.setHeader("Content-Length", String(length));
          yield* texts;
        } as Handler,
    ],
    [
      "a web stream",
      (length, texts) => () => reply(200, new Blob(texts).stream(), { "Content-Length": String(length) }),
    ],
    [
      "a web response",
      (length, texts) => () =>
        new Response(comeLater(texts), { headers: { "Content-Length": String(length) } }),
    ],
    [
      "write and end",
      (length, texts) => (_req, res) => {
        res.setHeader("Content-Length", length);
        for (const text of texts) res.write(text);
        res.end();
      },
    ],
    [
      "write and end with the last part",
      (length, texts) => (_req, res) => {
        res.writeHead(200, { "Content-Length": length });
        for (const text of texts.slice(0, -1)) res.write(text);
        res.end(texts.at(-1));
      },
    ],
    [
      "writeHead with a list, and end",
      (length, texts) => (_req, res) => {
        res.writeHead(200, "OK", ["Content-Length", String(length)]);
        res.end(texts.join(""));
      },
    ],
    [
      "end alone",
      (length, texts) => (_req, res) => {
        res.setHeader("Content-Length", length);
        res.end(texts.join(""));
      },
    ],
    [
      "pipe",
      (length, texts) => (_req, res) => {
        res.setHeader("Content-Length", length);
        parts(...texts).pipe(res);
        return false;
      },
    ],
    [
      "a late write",
      (length, texts) => (_req, res) => {
        res.setHeader("Content-Length", length);
        return later(res, () => {
          for (const text of texts) res.write(text, "utf8");
          res.end();
        });
      },
    ],
    [
      "a value",
      (length, texts) => (_req, res) => {
        res.setHeader("Content-Length", length);
        return texts.join("");
      },
    ],
    ["res.text", (length, texts) => (_req, res) => res.text(texts.join(""), { "Content-Length": length })],
    [
      "asyncEnd",
      (length, texts) => (_req, res) =>
        void res.asyncEnd({ body: texts.join(""), headers: { "Content-Length": length } }),
    ],
  ];
  const bodies: [name: string, length: number, texts: string[]][] = [
    ["shorter", 10, ["aa", "aa"]],
    ["longer", 3, ["aa", "aa"]],
    ["longer in its last part", 2, ["aa", "aa"]],
    ["empty", 5, [""]],
    ["promised empty", 0, ["aa", "bb"]],
    ["of more bytes than characters", 4, ["éé", "é"]],
    ["shorter by a byte", 5, ["é", "é"]],
    ["right", 4, ["aa", "aa"]],
    ["right in bytes", 4, ["é", "é"]],
  ];

  for (const [way, create] of ways) {
    it(`never reaches into the next answer: ${way}`, async () => {
      for (const [name, length, texts] of bodies) {
        await using server = await serve((app) => {
          app.get("/", create(length, texts) as never);
          app.get("/next", () => "NEXT");
        });
        const body = texts.join("");
        const isRight = Buffer.byteLength(body) === length;
        const { text } = await exchange(server.port, get("/") + get("/next", "Connection: close"));
        const { answers, rest } = parse(text);
        const told = `${way}, ${name}: ${text}`;
        if (isRight) {
          assert.deepEqual([answers.length, rest], [2, ""], told);
          assert.equal(answers[0]?.body, Buffer.from(body).toString("latin1"), told);
        } else if (answers.length > 0) {
          // All of it was known in time, so the length could be set right; or an error could be answered.
          const [first] = answers;
          const isWhole = first?.body === Buffer.from(body).toString("latin1");
          assert.ok(isWhole || / 500 /.test(first?.head ?? "") || answers.length === 1, told);
          if (answers.length === 2) assert.equal(answers[1]?.body, "NEXT", told);
          assert.equal(rest.includes("HTTP/1.1"), false, told);
        } else {
          assert.doesNotMatch(rest, /NEXT/, told);
        }
        // Where the package makes the whole answer it knows the length itself.
        const isOwn = ["a value", "res.text", "asyncEnd"].includes(way);
        if (!isRight && !isOwn) {
          assert.match(server.lines.map(({ out }) => out).join("\n"), /Content-Length of .* bytes/, told);
        }
      }
    });
  }

  it("may be that of the body which a GET has, for HEAD and 304", async () => {
    await using server = await serve((app) => {
      app.get("/", (_req, res) => {
        res.setHeader("Content-Length", 7);
        res.end();
      });
      app.head("/head", (_req, res) => {
        res.writeHead(200, { "Content-Length": 7 });
        res.end();
      });
      app.get("/304", (_req, res) => {
        res.writeHead(304, { "Content-Length": 7 });
        res.end();
      });
      app.get("/204", (_req, res) => {
        res.writeHead(204, { "Content-Length": 7 });
        res.end();
      });
      app.get("/next", () => "NEXT");
    });
    for (const line of ["HEAD /", "HEAD /head", "GET /304", "GET /204"]) {
      const { text } = await exchange(
        server.port,
        `${line} HTTP/1.1\r\nHost: a\r\n\r\n${get("/next", "Connection: close")}`,
      );
      assert.match(text, /\r\n\r\nHTTP\/1\.1 200 OK\r\n[\s\S]*NEXT$/, line);
      assert.equal(/content-length: 7\r\n/i.test(text), line !== "GET /204", text);
    }
    assert.deepEqual(server.lines, []);
  });

  it("cuts a file that shrinks while it is sent", async () => {
    const folder = mkdtempSync(join(tmpdir(), "framing-"));
    try {
      const path = join(folder, "large.bin");
      const size = 32 * 1024 * 1024;
      writeFileSync(path, Buffer.alloc(size, 97));
      await using server = await serve((app) => {
        app.use("/files", Static(folder) as never);
        app.get("/next", () => "NEXT");
      });
      const socket = connect(server.port, "127.0.0.1");
      socket.write(get("/files/large.bin") + get("/next"));
      let received = 0;
      let tail = "";
      socket.on("error", () => {});
      socket.once("data", () => truncateSync(path, 1000));
      socket.on("data", (chunk: Buffer) => {
        received += chunk.length;
        tail = chunk.toString("latin1").slice(-2000);
      });
      await new Promise((resolve) => socket.once("close", resolve));
      assert.ok(received < size, `${received}`);
      assert.doesNotMatch(tail, /NEXT|HTTP\/1\.1/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe("a web response", () => {
  it("that fetch got carries neither the coding nor the length of what was decoded, nor headers of its connection", async () => {
    const text = `{"a":"${"x".repeat(2000)}"}`;
    const codings: Record<string, (body: string) => Buffer> = {
      gzip: gzipSync,
      deflate: deflateSync,
      br: brotliCompressSync,
      identity: Buffer.from,
    };
    const upstream = createServer((req, res) => {
      const coding = (req.url ?? "/").slice(1);
      const body = (codings[coding] as (body: string) => Buffer)(text);
      res.setHeader("Content-Type", "application/json");
      if (coding !== "identity") res.setHeader("Content-Encoding", coding);
      res.setHeader("Connection", "keep-alive, X-Hop");
      res.setHeader("X-Hop", "1");
      res.setHeader("Keep-Alive", "timeout=99");
      res.setHeader("X-Kept", "1");
      res.setHeader("Content-Length", body.length);
      res.end(req.method === "HEAD" ? undefined : body);
    });
    upstream.listen(0, "127.0.0.1");
    await once(upstream, "listening");
    const { port } = upstream.address() as AddressInfo;
    try {
      await using server = await serve((app) => {
        app.get("/:coding", (req) =>
          fetch(`http://127.0.0.1:${port}/${req.params.coding}`, { method: req.method }),
        );
        app.get("/own/:any", () => {
          const body = gzipSync(text);
          return new Response(body, {
            headers: {
              "Content-Encoding": "gzip",
              "Content-Length": String(body.length),
              TE: "x",
              Upgrade: "x",
            },
          });
        });
      });
      for (const coding of Object.keys(codings)) {
        const { text: raw } = await exchange(
          server.port,
          get(`/${coding}`) + get("/own/x", "Connection: close"),
        );
        const { answers, rest } = parse(raw);
        assert.deepEqual([answers.length, rest], [2, ""], coding);
        assert.equal(answers[0]?.body, text, coding);
        assert.match(answers[0]?.head ?? "", /x-kept: 1/i);
        assert.doesNotMatch(answers[0]?.head ?? "", /x-hop|timeout=99|content-encoding/i);
        assert.match(answers[1]?.head ?? "", /content-encoding: gzip/i);
        assert.doesNotMatch(answers[1]?.head ?? "", /\r\n(?:te|upgrade):/i);
        const head = await exchange(
          server.port,
          `HEAD /${coding} HTTP/1.1\r\nHost: a\r\n\r\n${get("/own/x", "Connection: close")}`,
        );
        assert.deepEqual(statuses(head.text), [200, 200], coding);
      }
    } finally {
      upstream.close();
      upstream.closeAllConnections();
    }
  });
});

describe("the end of an answer", () => {
  const failing = (texts: string[]): Readable => {
    const left = [...texts];
    return new Readable({
      read() {
        const text = left.shift();
        // Not before the client has read what came: with both at once Node.js 20 tells its clients of an end.
        if (text === undefined) {
          void untilRead(texts.at(-1) ?? "").then(() => this.destroy(new Error("failed")));
        } else this.push(text);
      },
    });
  };

  it("is no end where a stream failed: HTTP/1.1 lacks the last chunk, HTTP/1.0 is reset", async () => {
    const ways: [name: string, handler: Handler][] = [
      ["a stream", () => failing(["half", "more"])],
      [
        "a generator",
        async function* () {
          yield "half";
          await untilRead("half");
          throw new Error("failed");
        } as Handler,
      ],
      [
        "res.write and res.destroy",
        (_req, res) => {
          res.write("half");
          void untilRead("half").then(() => res.destroy());
          return false;
        },
      ],
      [
        "an error after res.write",
        async (_req, res) => {
          res.write("half");
          await untilRead("half");
          throw new Error("failed");
        },
      ],
    ];
    for (const [name, handler] of ways) {
      await using server = await serve((app) => app.get("/", handler as never));
      const modern = await exchange(server.port, get("/"));
      assert.doesNotMatch(modern.text, /0\r\n\r\n$/, name);
      for (const headers of [[], ["Connection: keep-alive"]]) {
        assert.equal((await exchange(server.port, get10("/", ...headers))).end, "reset", name);
      }
    }
  });

  it("is found by clients of HTTP/1.0 and 1.1 alike, whatever headers of framing a handler sets", async () => {
    const heads: [name: string, headers: Record<string, string | number>][] = [
      ["none", {}],
      ["chunked", { "Transfer-Encoding": "chunked" }],
      ["chunked with a length", { "Transfer-Encoding": "chunked", "Content-Length": 3 }],
      ["another coding", { "Transfer-Encoding": "identity" }],
      ["a connection that is kept", { Connection: "keep-alive" }],
      ["a connection that is closed", { Connection: "close" }],
    ];
    for (const [name, headers] of heads) {
      const { "Content-Length": _length, ...withoutLength } = headers;
      const ways: Handler[] = [
        () => reply(200, "body", headers),
        () => reply(200, parts("bo", "dy"), withoutLength),
        (_req, res) =>
          void res
            .writeHead(200, headers["Content-Length"] ? { ...headers, "Content-Length": 4 } : headers)
            .end("body"),
        (_req, res) => {
          res.setHeaders(new Map(Object.entries(headers).filter(([key]) => key !== "Content-Length")));
          res.write("bo");
          res.end("dy");
        },
      ];
      for (const [index, handler] of ways.entries()) {
        await using server = await serve((app) => {
          app.get("/", handler as never);
          app.get("/next", () => "NEXT");
        });
        const told = `${name}, ${index}`;
        const { text } = await exchange(server.port, get("/") + get("/next", "Connection: close"), /NEXT$/);
        const { answers } = parse(text);
        if (/identity/.test(text)) assert.match(text, /body$/, told);
        else assert.match(answers[0]?.body ?? "", /^body$/, told);
        if (answers.length > 1) assert.equal(answers[1]?.body, "NEXT", told);
        const old = await exchange(server.port, get10("/"));
        assert.match(old.text, /\r\n\r\nbody$/, `${told} ${old.text}`);
        assert.doesNotMatch(old.text, /transfer-encoding: chunked/i, told);
        assert.equal(old.end, "closed", told);
      }
    }
  });

  it("is where the body ends, also if a handler announces trailers that cannot follow", async () => {
    const ways: [name: string, handler: Handler, status: number][] = [
      ["a string", () => "body", 200],
      ["a reply", () => reply(200, "body"), 200],
      ["204", () => null, 204],
      ["a length", (_req, res) => void res.writeHead(200, { "Content-Length": 4 }).end("body"), 200],
      ["parts", () => parts("bo", "dy"), 200],
      [
        "an error",
        () => {
          throw new BadRequestError();
        },
        400,
      ],
      [
        "an error behind another coding",
        (_req, res) => {
          res.setHeader("Transfer-Encoding", "gzip, chunked");
          throw new BadRequestError();
        },
        400,
      ],
    ];
    await using server = await serve((app) => {
      app.use((_req, res) => void res.setHeader("Trailer", "X-Sum"));
      for (const [index, [, handler]] of ways.entries()) app.get(`/${index}`, handler);
    });
    for (const [index, [name, , status]] of ways.entries()) {
      for (const line of [`GET /${index} HTTP/1.1`, `HEAD /${index} HTTP/1.1`, `GET /${index} HTTP/1.0`]) {
        const answer = await server.raw(`${line}\r\nHost: a\r\nConnection: close\r\n\r\n`);
        assert.equal(Number(answer.slice(9, 12)), status, `${name}, ${line}`);
        const isChunked = /\r\nTransfer-Encoding: chunked\r\n/.test(answer);
        assert.equal(/\r\nTrailer: X-Sum\r\n/.test(answer), isChunked, `${name}, ${line}`);
        assert.doesNotMatch(answer, /gzip/, name);
      }
    }
  });

  it("cuts the answer that waits for its turn as well, and nothing in front of it", async () => {
    await using server = await serve((app) => {
      let answerSlow = (_text: string): void => {};
      app.get("/slow", () => {
        return new Promise<string>((resolve) => {
          answerSlow = resolve;
        });
      });
      app.get("/cut", (_req, res) => {
        res.setHeader("Content-Length", 10);
        res.write("cut");
        res.end();
        answerSlow("slow");
      });
      app.get("/next", () => "NEXT");
    });
    const { text } = await exchange(server.port, get("/slow") + get("/cut") + get("/next"));
    assert.deepEqual(statuses(text), [200]);
    assert.match(text, /slow$/);
  });
});

describe("behind the last answer of a connection", () => {
  const side = "POST /side HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n";
  const post = (...lines: string[]): string => `${["POST /small HTTP/1.1", ...lines].join("\r\n")}\r\n\r\n`;
  const lasts: [name: string, bytes: string][] = [
    ["two Host headers", "GET /ok HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n"],
    ["an illegal Host", "GET /ok HTTP/1.1\r\nHost: a/b\r\n\r\n"],
    ["an illegal host in the target", "GET http://a%20b/ok HTTP/1.1\r\nHost: a\r\n\r\n"],
    ["another coding", `${post("Host: a", "Transfer-Encoding: gzip, chunked")}0\r\n\r\n`],
    ["413 by the length", `${post("Host: a", "Content-Length: 20")}${"y".repeat(20)}`],
    [
      "413 by the parts",
      `${post("Host: a", "Transfer-Encoding: chunked")}14\r\n${"y".repeat(20)}\r\n0\r\n\r\n`,
    ],
    [
      "a body of HTTP/1.0 in chunks",
      "POST /ok HTTP/1.0\r\nTransfer-Encoding: chunked\r\nConnection: keep-alive\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
    ],
    ["HTTP/1.0 without keep-alive", "GET /ok HTTP/1.0\r\n\r\n"],
    ["Connection: close of the client", "GET /ok HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"],
    ["Connection: close of the handler", "GET /closes HTTP/1.1\r\nHost: a\r\n\r\n"],
    ["an Expect that is refused", `${post("Host: a", "Expect: 100-continue", "Content-Length: 20")}`],
    ["too many headers", `GET /ok HTTP/1.1\r\nHost: a\r\n${"a: b\r\n".repeat(1100)}\r\n`],
  ];

  it("no request runs", async () => {
    for (const [name, bytes] of lasts) {
      let count = 0;
      await using server = await serve(
        (app: App) => {
          app.all("/ok", ReadBuffer(), () => "ok");
          app.get("/closes", (_req, res) => res.text("closes", { Connection: "close" }));
          app.post("/small", ReadBuffer({ limit: 10 }), () => "small");
          app.post("/side", () => {
            count++;
            return "side";
          });
        },
        { serverOptions: { maxHeaderSize: 65_536 } },
      );
      const { text } = await exchange(server.port, bytes + side + side);
      assert.equal(count, 0, `${name}: ${text}`);
      assert.equal(statuses(text).length, 1, `${name}: ${text}`);
      assert.doesNotMatch(text, /keep-alive/i, name);
    }
  });

  it("requests do run where the connection goes on", async () => {
    const goOn: [name: string, bytes: string][] = [
      ["an answer", get("/ok")],
      ["404", get("/nowhere")],
      [
        "broken JSON",
        `POST /json HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 1\r\n\r\n{`,
      ],
      ["HTTP/1.0 with keep-alive", "GET /ok HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"],
      ["an unread body", "POST /ok HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc"],
      [
        "an Expect whose body is read",
        "POST /json HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}",
      ],
    ];
    for (const [name, bytes] of goOn) {
      let count = 0;
      await using server = await serve((app) => {
        app.all("/ok", () => "ok");
        app.post("/json", JSONParser(), () => "json");
        app.post("/side", () => String(++count));
      });
      const last = side.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n");
      const { text } = await exchange(server.port, bytes + side + last);
      assert.equal(count, 2, `${name}: ${text}`);
    }
  });

  it("bytes that are no request leave the answers in front of them alone", async () => {
    const garbage = [
      "\0\0\0\r\n\r\n",
      "NONSENSE / HTTP/1.1\r\n\r\n",
      "GET / HTTP/9.9\r\n\r\n",
      "GET / HTTP/1.1\r\nHost a\r\n\r\n",
    ];
    // The bytes come with the request, and are read in the same turn.
    const garbageIsRead = () => new Promise((resolve) => setImmediate(resolve));
    for (const bytes of garbage) {
      await using server = await serve((app) => {
        app.get("/slow", async () => {
          await garbageIsRead();
          return "slow";
        });
        app.get("/stream", async function* () {
          yield "first ";
          await garbageIsRead();
          yield "last";
        } as never);
      });
      const slow = await exchange(server.port, get("/slow") + bytes);
      assert.match(slow.text, /^HTTP\/1\.1 200 [\s\S]*\r\n\r\nslow$/, bytes);
      const stream = await exchange(server.port, get("/stream") + bytes);
      assert.match(stream.text, /^HTTP\/1\.1 200 [\s\S]*last\r\n0\r\n\r\n$/, bytes);
      assert.match(
        (await exchange(server.port, bytes)).text,
        /^HTTP\/1\.1 400 Bad Request\r\nConnection: close\r\n\r\n$/,
      );
    }
  });
});
