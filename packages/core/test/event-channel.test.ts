import assert from "node:assert/strict";
import { once } from "node:events";
import { connect } from "node:net";
import { describe, it } from "node:test";
import { App, ArgumentError, LocalRelay, type Relay } from "@miqro/core";
import { type Served, serve } from "./support/serve.js";

/** A client of a stream of events: what it has got so far, one event after the other. */
class Client {
  readonly events: string[] = [];
  lastId = "";
  #wake = (): void => {};
  readonly #abort = new AbortController();

  static async open(server: Served, path: string, lastId = ""): Promise<Client> {
    const client = new Client();
    const answer = await fetch(server.url + path, {
      headers: lastId === "" ? {} : { "last-event-id": lastId },
      signal: client.#abort.signal,
    });
    void client.#read(answer).catch(() => {});
    return client;
  }

  async until(count: number): Promise<string[]> {
    while (this.events.length < count) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    return this.events;
  }

  leave(): void {
    this.#abort.abort();
  }

  async #read(answer: globalThis.Response): Promise<void> {
    let text = "";
    const decoder = new TextDecoder();
    for await (const part of answer.body ?? []) {
      text += decoder.decode(part as Uint8Array, { stream: true });
      for (let end = text.indexOf("\n\n"); end !== -1; end = text.indexOf("\n\n")) {
        const lines = text.slice(0, end).split("\n");
        text = text.slice(end + 2);
        const id = lines.find((line) => line.startsWith("id: "))?.slice(4);
        if (id !== undefined) this.lastId = id;
        const shown = lines.filter((line) => !line.startsWith("id: ") && !line.startsWith(":"));
        if (shown.length > 0) this.events.push(shown.join("|"));
      }
      this.#wake();
    }
  }
}

const setEvents = (app: App): void => {
  app.get("/events", (_req, res) => void res.sse({ channel: "news" }));
};
const data = (from: number, to: number): string[] =>
  Array.from({ length: to - from }, (_, index) => `data: ${index + from}`);

describe("res.sse({ channel })", () => {
  it("sends what is published from then on, as JSON", async () => {
    await using server = await serve(setEvents);
    const client = await Client.open(server, "/events");
    await server.app.relay.publish("news", "a\nb");
    await server.app.relay.publish("other", "unheard");
    await server.app.relay.publish("news", { c: 1 });
    assert.deepEqual(await client.until(2), ["data: a|data: b", 'data: {"c":1}']);
  });

  it("gives a client that comes back exactly what it missed, here or in another process", async () => {
    await using relay = new LocalRelay();
    const keep = { count: 1000, ms: 60_000 };
    await using one = await serve(setEvents, { relay });
    await using two = await serve(setEvents, { relay });
    const first = await Client.open(one, "/events");
    for (let count = 0; count < 10; count++) await relay.publish("news", count, { keep });
    assert.deepEqual(await first.until(10), data(0, 10));
    first.leave();
    for (let count = 10; count < 30; count++) await relay.publish("news", count, { keep });
    const publishing = (async () => {
      for (let count = 30; count < 200; count++) {
        await relay.publish("news", count, { keep });
        await new Promise((done) => setImmediate(done));
      }
    })();
    const again = await Promise.all(
      [one, two, one, two].map((server) => Client.open(server, "/events", first.lastId)),
    );
    await publishing;
    for (const client of again) assert.deepEqual(await client.until(190), data(10, 200));
  });

  it("sends an event `reset` where what a client missed is gone, and goes on", async () => {
    await using server = await serve((app) => {
      setEvents(app);
      app.get("/own/:id", (req, res) => void res.sse({ channel: "news", lastEventId: req.params.id }));
    });
    const { relay } = server.app;
    const keep = 3;
    const ids: string[] = [];
    for (let count = 0; count < 10; count++) ids.push(await relay.publish("news", count, { keep }));
    const asked = [ids[0] ?? "", "of-another-1", "x".repeat(4000), "\u00e9", "0"];
    const clients = await Promise.all(asked.map((id) => Client.open(server, "/events", id)));
    clients.push(await Client.open(server, `/own/${ids[2]}`));
    await Promise.all(clients.map((client) => client.until(1)));
    await relay.publish("news", 10, { keep });
    for (const client of clients)
      assert.deepEqual(await client.until(2), ["event: reset|data: ", "data: 10"]);
    const known = await Client.open(server, `/own/${ids[7]}`, ids[0]);
    assert.deepEqual(await known.until(3), data(8, 11));
  });

  it("brings each event to a thousand clients at once", async () => {
    await using server = await serve(setEvents);
    let bytes = 0;
    let wake = (): void => {};
    const sockets = await Promise.all(
      Array.from({ length: 1000 }, async () => {
        const socket = connect(server.port, "127.0.0.1");
        socket.write("GET /events HTTP/1.1\r\nHost: x\r\n\r\n");
        await once(socket, "data");
        socket.on("data", (part) => {
          bytes += part.length;
          wake();
        });
        return socket;
      }),
    );
    try {
      for (const size of [10, 2000]) {
        bytes = 0;
        const id = await server.app.relay.publish("news", "x".repeat(size));
        // What each of them gets, in its chunk.
        const text = `id: ${id}\ndata: ${"x".repeat(size)}\n\n`;
        const chunk = text.length + text.length.toString(16).length + 4;
        while (bytes < 1000 * chunk) {
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
        }
        assert.equal(bytes, 1000 * chunk);
      }
    } finally {
      for (const socket of sockets) socket.destroy();
    }
  });

  it("ends its subscription with the client, and cuts off one that does not read", async () => {
    await using inner = new LocalRelay();
    let open = 0;
    let changed = (): void => {};
    const relay: Relay = {
      publish: (...given) => inner.publish(...given),
      increment: (...given) => inner.increment(...given),
      async subscribe(...given) {
        const end = await inner.subscribe(...given);
        open++;
        changed();
        return () => {
          open--;
          changed();
          end();
        };
      },
    };
    const until = async (count: number): Promise<void> => {
      while (open !== count) {
        await new Promise<void>((resolve) => {
          changed = resolve;
        });
      }
    };
    await using server = await serve(setEvents, { relay });
    const client = await Client.open(server, "/events");
    await until(1);
    client.leave();
    await until(0);
    const socket = connect(server.port, "127.0.0.1");
    socket.on("error", () => {});
    socket.write("GET /events HTTP/1.1\r\nHost: x\r\n\r\n");
    await until(1);
    socket.pause();
    let sent = 0;
    while (open > 0) {
      await inner.publish("news", "x".repeat(100_000));
      sent += 100_000;
      assert.ok(sent < 200_000_000, "it is cut off before it takes up memory");
      await new Promise((done) => setImmediate(done));
    }
    assert.ok(server.lines.some(({ out }) => /reads events too slowly/.test(out)));
    socket.destroy();
  });

  it("ends a stream whose relay is away, so that its client comes back", async () => {
    const away = (): Promise<never> => Promise.reject(new Error("away"));
    const relay: Relay = { publish: away, subscribe: away, increment: away };
    await using server = await serve(setEvents, { relay });
    assert.equal(await (await server.fetch("/events")).text(), "");
    assert.ok(server.lines.some(({ level, out }) => level === "error" && /"news" could not be/.test(out)));
  });

  it("refuses options that make no sense", async () => {
    await using server = await serve((app) =>
      app.get("/", (_req, res) => {
        try {
          res.sse({ channel: 7, lastEventId: "x", beat: 1 } as never);
        } catch (error) {
          return (error as ArgumentError).issues.map(({ path }) => path);
        }
      }),
    );
    assert.deepEqual(await (await server.fetch("/")).json(), ["channel", "beat"]);
    assert.throws(() => new App({ relay: {} as never }), ArgumentError);
  });
});
