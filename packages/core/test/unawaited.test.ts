import assert from "node:assert/strict";
import { once } from "node:events";
import { connect } from "node:net";
import { describe, it } from "node:test";
import type { App, Renderer, Response } from "@miqro/core";
import { request, type Served, serve } from "./support/serve.js";

const root = import.meta.dirname;
const failing: Renderer = {
  test: (value) => value instanceof Date,
  render: async () => {
    throw new Error("no page");
  },
};

function problemsOf(server: Served): (string | undefined)[] {
  return server.lines.map((line) => line.out.split("\n")[0]?.replace(/^\S+ /, ""));
}

// A rejection that nobody handles fails the test in which it happens, and would end a server.
describe("a reply method that nobody waits for", () => {
  it("answers what fails through the error handlers: sendFile", async () => {
    await using server = await serve((app) => {
      app.get("/file/:name", (req, res) => {
        res.sendFile(req.params.name as string, { root });
      });
      app.get("/caught", async (_req, res) => {
        res.sendFile("missing", { root });
        await new Promise((resolve) => setImmediate(resolve));
      });
      app.catch((err: Error & { status?: number }) => ({ caught: err.status }));
    });
    for (const path of ["/file/missing", "/caught", "/file/.git"]) {
      const response = await server.fetch(path);
      assert.deepEqual([response.status, await response.text()], [404, '{"caught":404}'], path);
    }
    assert.deepEqual(server.lines, []);
  });

  it("answers what fails: asyncEnd and send with a renderer", async () => {
    const set = (app: App): void => {
      app.get("/end", (_req, res) => {
        res.asyncEnd({ status: 99 });
      });
      app.get("/send", (_req, res) => {
        res.send(new Date());
      });
      app.get("/send", () => "the next one");
    };
    await using server = await serve(set, { renderer: failing });
    for (const path of ["/end", "/send"]) {
      assert.equal((await server.fetch(path)).status, 500, path);
    }
    assert.deepEqual(
      server.lines.map((line) => line.level),
      ["error", "error"],
    );
  });

  it("ends nothing but its request when the client goes away: asyncEnd", async () => {
    let over = (): void => {};
    const closed = new Promise<void>((resolve) => {
      over = resolve;
    });
    await using server = await serve((app) =>
      app.get("/", (_req, res) => {
        res.once("close", over);
        res.asyncEnd({ body: Buffer.alloc(50_000_000) });
      }),
    );
    const socket = connect(server.port, "127.0.0.1");
    socket.write("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    await once(socket, "data");
    socket.resetAndDestroy();
    await closed;
    await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual(server.lines, []);
  });

  it("logs once what cannot be sent, and keeps the stream: sse().send", async () => {
    await using server = await serve((app) =>
      app.get("/", (_req, res) => {
        const events = res.sse();
        events.send({ event: "a\nb", data: 1 });
        events.send({ event: "c", data: 2 });
        events.close();
      }),
    );
    assert.equal(await (await server.fetch("/")).text(), "event: c\ndata: 2\n\n");
    assert.equal(server.lines.length, 1);
    assert.match(String(problemsOf(server)[0]), /An event of GET \/ was not sent.*one line of text/);
  });

  it("gives its error to who waits, who may answer instead, or leave it to the framework", async () => {
    const tried: string[] = [];
    const attempt = async (name: string, work: (res: Response) => unknown, res: Response): Promise<void> => {
      try {
        await work(res);
      } catch (error) {
        tried.push(`${name}: ${(error as Error).name}`);
        throw error;
      }
    };
    await using server = await serve(
      (app) => {
        app.get("/own", async (_req, res) => {
          await res.sendFile("missing", { root }).catch(() => res.text("instead", {}, 410));
        });
        app.get("/file", (_req, res) => attempt("file", () => res.sendFile("missing", { root }), res));
        app.get("/end", (_req, res) => attempt("end", () => res.asyncEnd({ status: 99 }), res));
        app.get("/send", (_req, res) => attempt("send", () => res.send(new Date()), res));
        app.get("/all", async (_req, res) => {
          await Promise.all([res.sendFile("missing", { root })]);
        });
        app.get("/then", (_req, res) => {
          // The promise that comes of it is not waited for either.
          res.sendFile("missing", { root }).then(() => tried.push("never"));
        });
      },
      { renderer: failing },
    );
    const own = await server.fetch("/own");
    assert.deepEqual([own.status, await own.text()], [410, "instead"]);
    const statuses: number[] = [];
    for (const path of ["/file", "/end", "/send", "/all", "/then"]) {
      statuses.push((await server.fetch(path)).status);
    }
    assert.deepEqual(statuses, [404, 500, 500, 404, 404]);
    assert.deepEqual(tried, ["file: NotFoundError", "end: RangeError", "send: Error"]);
  });

  it("answers 404 to a name that is given twice, and says what sendFile needs", async () => {
    await using server = await serve((app) => {
      app.get("/", (req, res) => res.sendFile(req.query.p as string, { root }));
      app.get("/rootless", (_req, res) => {
        res.sendFile("x", undefined as never);
      });
    });
    assert.equal((await server.fetch("/?p=a&p=b")).status, 404);
    assert.equal(server.lines.length, 0);
    assert.match(await server.raw(request("GET /rootless")), /^HTTP\/1.1 500 /);
    assert.match(String(server.lines.at(-1)?.out), /needs the `root`/);
  });
});
