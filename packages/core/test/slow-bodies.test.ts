import assert from "node:assert/strict";
import { once } from "node:events";
import { connect } from "node:net";
import { Readable } from "node:stream";
import { describe, it } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import {
  type App,
  type AppOptions,
  JSONParser,
  type Middleware,
  MultipartParser,
  ReadBuffer,
  reply,
  UnauthorizedError,
} from "@miqro/core";
import { serve } from "./support/serve.js";

const statuses = (answer: string): number[] =>
  [...answer.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status));

/** Sends a head, then the same few bytes again and again until the server closes. */
async function drip(port: number, head: string, bytes: string, every: number): Promise<string> {
  const socket = connect(port, "127.0.0.1").setEncoding("latin1");
  let text = "";
  socket.on("error", () => {});
  socket.on("data", (chunk) => {
    text += chunk;
  });
  socket.write(head);
  const timer = setInterval(() => socket.writable && socket.write(bytes), every);
  await new Promise((resolve) => socket.once("close", resolve));
  clearInterval(timer);
  return text;
}

describe("a body that comes too slowly", () => {
  const head = (path: string, ...lines: string[]): string =>
    `${[`POST ${path} HTTP/1.1`, "Host: a", "Content-Type: application/json", ...lines].join("\r\n")}\r\n\r\n`;
  const chunked = "Transfer-Encoding: chunked";
  const set = (app: App): void => {
    app.post("/parsed", JSONParser(), () => "never");
    app.post("/buffered", ReadBuffer(), () => "never");
    app.post("/streamed", async (req) => {
      for await (const _ of req as unknown as Readable);
      return "never";
    });
    app.post("/form", MultipartParser(), () => "never");
  };
  const slow: [name: string, head: string, bytes: string][] = [
    ["parsed", head("/parsed", "Content-Length: 9999"), " "],
    ["in chunks", head("/parsed", chunked), "1\r\n \r\n"],
    ["in the length of a chunk", head("/parsed", chunked), "0"],
    ["in trailers", `${head("/parsed", chunked)}2\r\n{}\r\n0\r\n`, "A: b\r\n"],
    ["in one trailer", `${head("/parsed", chunked)}2\r\n{}\r\n0\r\nA: `, "b"],
    ["buffered", head("/buffered", "Content-Length: 9999"), "xx"],
    ["streamed", head("/streamed", "Content-Length: 9999"), "x"],
    [
      "a form",
      head("/form", "Content-Length: 9999").replace("application/json", "multipart/form-data; boundary=b"),
      "-",
    ],
  ];
  for (const [name, start, bytes] of slow) {
    it(`is answered with 408: ${name}`, async () => {
      await using server = await serve(set, { stallTimeout: 400 });
      assert.deepEqual(statuses(await drip(server.port, start, bytes, 50)), [408]);
    });
  }

  it("is read where it comes at 240 bytes a second, or where a handler takes its time to read", async () => {
    await using server = await serve(
      (app) => {
        set(app);
        app.post("/slowly", async (req) => {
          let length = 0;
          for await (const chunk of req as unknown as AsyncIterable<Buffer>) {
            length += chunk.length;
            // Longer than a connection may stall.
            await new Promise((resolve) => setTimeout(resolve, 300));
          }
          return String(length);
        });
      },
      { stallTimeout: 200 },
    );
    const socket = connect(server.port, "127.0.0.1").setEncoding("latin1");
    socket.write(head("/buffered", "Content-Length: 600", "Connection: close"));
    const timer = setInterval(() => socket.write("x".repeat(30)), 50);
    let text = "";
    socket.on("data", (chunk) => {
      text += chunk;
      clearInterval(timer);
    });
    await once(socket, "close");
    assert.match(text, / 200 /);
    const large = "x".repeat(300_000);
    const answer = await server.raw(
      head("/slowly", `Content-Length: ${large.length}`, "Connection: close") + large,
    );
    assert.match(answer, / 200 [\s\S]*300000$/);
  });

  it("costs no more than it weighs where it comes byte by byte", async () => {
    const echo = (app: App): App => app.post("/", ReadBuffer(), (req) => String(req.buffer));
    await using server = await serve((app) => void echo(app), { bodyLimit: "10mb" });
    for (const [size, count] of [
      [1, 3],
      [1, 5000],
      [255, 20],
      [256, 3],
      [4095, 40],
      [4096, 40],
      [70_000, 3],
    ] as const) {
      let body = "";
      let bytes = `POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n${chunked}\r\n\r\n`;
      for (let index = 0; index < count; index++) {
        const part = String.fromCharCode(97 + (index % 26)).repeat(index % 7 === 6 ? 5000 : size);
        body += part;
        bytes += `${part.length.toString(16)}\r\n${part}\r\n`;
      }
      const answer = await server.raw(`${bytes}0\r\n\r\n`);
      assert.ok(answer.endsWith(`\r\n\r\n${body}`), `${count} of ${size}`);
    }
  });
});

describe("an upload", () => {
  const file = (name: string, content: string, field = "f"): string =>
    `--b\r\nContent-Disposition: form-data; name="${field}"; filename="${name}"\r\n\r\n${content}\r\n`;
  const end = '--b\r\nContent-Disposition: form-data; name="last"\r\n\r\nvalue\r\n--b--\r\n';
  const sendForm = (port: number, body: string): Promise<string> =>
    new Promise((resolve, reject) => {
      const socket = connect(port, "127.0.0.1").setEncoding("latin1");
      let text = "";
      socket.on("data", (chunk) => {
        text += chunk;
      });
      socket.on("error", reject).on("close", () => resolve(text));
      socket.write(
        `POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
      );
    });

  const ways: [name: string, onFile: (stream: Readable) => unknown, status: number][] = [
    ["destroyed at once", (stream) => void stream.destroy(), 200],
    ["destroyed later", (stream) => turn().then(() => void stream.destroy()), 200],
    ["destroyed when it is read", (stream) => void stream.once("data", () => stream.destroy()), 200],
    [
      "read in part",
      async (stream) => {
        for await (const _ of stream) break;
      },
      200,
    ],
    ["left alone", () => undefined, 200],
    ["destroyed with an error", (stream) => void stream.destroy(new Error("refused")), 500],
    [
      "destroyed with an error of a status",
      (stream) => void stream.destroy(Object.assign(new Error("refused"), { status: 422 })),
      422,
    ],
    ["refused", () => Promise.reject(Object.assign(new Error("refused"), { status: 415 })), 415],
    [
      "destroyed and refused",
      (stream) => {
        stream.destroy();
        throw Object.assign(new Error("refused"), { status: 415 });
      },
      415,
    ],
  ];
  for (const [name, onFile, status] of ways) {
    it(`ends with an answer where its stream is ${name}`, async () => {
      for (const size of [0, 5, 70_000, 1_000_000]) {
        await using server = await serve((app) => {
          app.post(
            "/",
            MultipartParser({ onFile: ({ stream }) => onFile(stream) }),
            (req) => req.body as never,
          );
        });
        const content = "x".repeat(size);
        const answer = await sendForm(server.port, file("one", content) + file("two", content) + end);
        // A stream without a byte has ended before it can be destroyed.
        const wanted = size === 0 && name.startsWith("destroyed when") ? 200 : status;
        assert.deepEqual(statuses(answer), [wanted], `${size}: ${answer}`);
        if (wanted === 200) assert.match(answer, /"last":"value"/, `${size}: ${answer}`);
      }
    });
  }

  it("holds no file for a field that was left empty", async () => {
    const empty = file("", "");
    const cases: [name: string, body: string, files: string[]][] = [
      ["one", empty, []],
      ["two", empty + empty, []],
      ["beside a file", empty + file("x", "1"), ["x:1"]],
      ["a file without a byte", file("x", ""), ["x:0"]],
      ["a file that is called so", file("file", ""), ["file:0"]],
      ["bytes without a name", file("", "abc"), ["file:3"]],
      ["more than there may be files", empty.repeat(8) + file("x", "1"), ["x:1"]],
    ];
    for (const [name, body, files] of cases) {
      await using server = await serve((app) => {
        app.post("/", MultipartParser({ files: 2 }), (req) => {
          const { f } = req.body as { f?: { name: string; size: number } | { name: string; size: number }[] };
          return (f === undefined ? [] : [f].flat()).map((one) => `${one.name}:${one.size}`);
        });
      });
      const answer = await sendForm(server.port, body + end);
      assert.ok(answer.endsWith(JSON.stringify(files)), `${name}: ${answer}`);
    }
    await using server = await serve((app) => app.post("/", MultipartParser({ files: 2 }), () => "never"));
    assert.deepEqual(statuses(await sendForm(server.port, file("x", "1").repeat(3) + end)), [413]);
  });
});

describe("a stream of objects", () => {
  const sources: [name: string, create: () => unknown, text: string | 500][] = [
    ["objects", () => Readable.from([{ a: 1 }, { a: 2 }]), '{"a":1}{"a":2}'],
    ["numbers", () => Readable.from([1, 2]), "12"],
    ["texts", () => Readable.from(["a", "b"]), "ab"],
    ["bytes", () => Readable.from([Buffer.from("a"), new Uint8Array([98])]), "ab"],
    ["lists", () => Readable.from([[1], [2]]), "[1][2]"],
    [
      "an iterable",
      () =>
        (async function* () {
          yield { a: 1 };
        })(),
      '{"a":1}',
    ],
    [
      "a web stream",
      () =>
        new ReadableStream({
          start(to) {
            to.enqueue({ a: 1 });
            to.enqueue("b");
            to.close();
          },
        }),
      '{"a":1}b',
    ],
    ["what has no JSON", () => Readable.from([() => {}]), 500],
    ["a big integer", () => Readable.from([1n]), 500],
    ["a map", () => Readable.from([new Map()]), 500],
  ];
  for (const [name, create, text] of sources) {
    it(`is their JSON, or an error: ${name}`, async () => {
      await using server = await serve((app) => {
        app.get("/", create as never);
        app.get("/reply", () => reply(200, create()));
      });
      for (const path of ["/", "/reply"]) {
        const answer = await server.fetch(path);
        if (text === 500) assert.equal(answer.status, 500);
        else assert.equal(await answer.text(), text);
      }
    });
  }
});

describe("Expect: 100-continue", () => {
  const head = (path: string, ...lines: string[]): string =>
    `${[`POST ${path} HTTP/1.1`, "Host: a", "Expect: 100-continue", ...lines].join("\r\n")}\r\n\r\n`;
  const json = "Content-Type: application/json";
  const options: AppOptions = { bodyLimit: 100 };
  const set = (app: App): void => {
    app.post("/json", JSONParser(), () => "done");
    app.post("/stream", async (req) => {
      for await (const _ of req as unknown as Readable);
      return "done";
    });
    const guard: Middleware = (req) => {
      if (!req.headers.authorization) throw new UnauthorizedError();
    };
    app.post("/guarded", guard, JSONParser(), () => "done");
    app.post(
      "/later",
      async () => void (await turn()),
      JSONParser(),
      () => "done",
    );
    app.post("/form", MultipartParser(), () => "done");
    app.post("/unread", () => "done");
  };
  const cases: [name: string, head: string, expected: number[]][] = [
    ["a parser reads", head("/json", json, "Content-Length: 2"), [100, 200]],
    ["a parser reads chunks", head("/json", json, "Transfer-Encoding: chunked"), [100, 200]],
    ["the handler reads", head("/stream", "Content-Length: 2"), [100, 200]],
    ["a parser reads behind a guard that waits", head("/later", json, "Content-Length: 2"), [100, 200]],
    ["a guard lets it pass", head("/guarded", json, "Authorization: a", "Content-Length: 2"), [100, 200]],
    ["the length is too large", head("/json", json, "Content-Length: 101"), [413]],
    ["a guard refuses", head("/guarded", json, "Content-Length: 2"), [401]],
    ["nothing is there", head("/nowhere", json, "Content-Length: 2"), [404]],
    ["the method is wrong", head("/json", json, "Content-Length: 2").replace("POST", "PUT"), [405]],
    ["the head is illegal", head("/json", "Host: b", json, "Content-Length: 2"), [400]],
    ["the coding is unknown", head("/json", json, "Content-Encoding: x", "Content-Length: 2"), [415]],
    [
      "the boundary is missing",
      head("/form", "Content-Type: multipart/form-data", "Content-Length: 2"),
      [400],
    ],
    ["nobody reads", head("/unread", "Content-Length: 2"), [200]],
    ["there is no body", head("/unread", "Content-Length: 0", "Connection: close"), [200]],
  ];
  for (const [name, start, expected] of cases) {
    it(`asks for the body when somebody reads it: ${name}`, async () => {
      await using server = await serve(set, options);
      const socket = connect(server.port, "127.0.0.1").setEncoding("latin1");
      let text = "";
      socket.on("error", () => {});
      socket.on("data", (chunk: string) => {
        text += chunk;
        if (chunk.startsWith("HTTP/1.1 100 ")) {
          socket.write(start.includes("chunked") ? "2\r\n{}\r\n0\r\n\r\n" : "{}");
        }
        if (/ 200 /.test(text)) socket.end();
      });
      socket.write(start);
      await new Promise((resolve) => socket.once("close", resolve));
      assert.deepEqual(statuses(text), expected, text);
      // An answer without the 100 ends the connection: nobody knows whether the body is on its way.
      if (expected[0] !== 100) assert.match(text, /\r\nConnection: close\r\n/i, text);
      else assert.match(text, /\r\nConnection: keep-alive\r\n/i, text);
    });
  }

  it("goes on where the client does not wait, and runs nothing behind an answer that is the last", async () => {
    await using server = await serve(set, options);
    const next = "POST /unread HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
    assert.deepEqual(
      statuses(await server.raw(`${head("/json", json, "Content-Length: 2")}{}${next}`)),
      [100, 200, 200],
    );
    assert.deepEqual(statuses(await server.raw(`${head("/unread", "Content-Length: 2")}{}${next}`)), [200]);
    assert.deepEqual(
      statuses(await server.raw(`${head("/later", json, "Content-Length: 2")}{}${next}`)).at(0),
      200,
    );
  });
});

describe("OPTIONS *", () => {
  it("names the methods of all routes", async () => {
    await using server = await serve((app) => {
      app.get("/a", () => "a");
      app.put("/b/:id", () => "b");
    });
    const answer = await server.raw("OPTIONS * HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    assert.match(answer, /^HTTP\/1\.1 204 [\s\S]*\r\nAllow: GET, HEAD, OPTIONS, PUT\r\n/);
    assert.equal(
      (await server.app.inject({ method: "OPTIONS", url: "*" })).headers.allow,
      "GET, HEAD, OPTIONS, PUT",
    );
    assert.match(await server.raw("GET * HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"), / 400 /);
  });
});
