import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { type EventEmitter, once } from "node:events";
import { connect, type Socket } from "node:net";
import { describe, it } from "node:test";
import { JSONParser } from "@miqro/core";
import { request, sendRaw, serve } from "./support/serve.js";

const script = `
  import { App } from "@miqro/core";
  const app = new App();
  app.get("/", () => "x");
  const { port } = await app.listen({ port: 0, host: "127.0.0.1" });
  process.send({ port });
`;

describe("a server", () => {
  it("goes on when it has no file descriptors left", {
    skip: process.platform === "win32",
  }, async () => {
    const child = spawn(
      "sh",
      ["-c", 'ulimit -n 48; exec "$0" --input-type=module -e "$1"', process.execPath, script],
      { stdio: ["ignore", "inherit", "inherit", "ipc"], cwd: import.meta.dirname },
    );
    const [{ port }] = (await once(child, "message")) as [{ port: number }];
    const sockets: Socket[] = [];
    try {
      // libuv closes what it cannot hand on.
      await new Promise<void>((resolve) => {
        for (let count = 0; count < 80; count++) {
          const socket = connect(port, "127.0.0.1");
          socket.on("error", () => {}).once("close", resolve);
          socket.resume();
          sockets.push(socket);
        }
      });
      await Promise.all(
        sockets.map((socket) => {
          if (socket.closed) return undefined;
          const closed = new Promise((resolve) => socket.once("close", resolve));
          socket.destroy();
          return closed;
        }),
      );
      // Its descriptors come back one by one as it learns of the ends; until then a connection is reset.
      let answer = "";
      while (answer === "") answer = await sendRaw(port, request("GET /")).catch(() => "");
      assert.match(answer, /^HTTP\/1\.1 200 /);
      assert.equal(child.exitCode, null);
    } finally {
      child.kill("SIGKILL");
    }
  });

  it("logs what goes wrong with accepting connections, a line a second, and goes on", async () => {
    await using server = await serve((app) => {
      app.get("/", (req) => {
        const { server: listening } = (req as unknown as { socket: { server: EventEmitter } }).socket;
        for (let count = 0; count < 3; count++) {
          listening.emit("error", Object.assign(new Error("accept EMFILE"), { code: "EMFILE" }));
        }
        return "x";
      });
    });
    assert.equal(await (await server.fetch("/")).text(), "x");
    assert.equal(await (await server.fetch("/")).text(), "x");
    assert.equal(server.lines.length, 1);
    assert.match(server.lines[0]?.out ?? "", /could not take a connection .*EMFILE/s);
  });

  it("measures no time by a clock that may be set", async () => {
    await using server = await serve((app) => app.post("/", JSONParser(), () => "read"), {
      stallTimeout: 1000,
    });
    const { now } = Date;
    try {
      for (const hours of [1, -1]) {
        Date.now = now;
        const socket = connect(server.port, "127.0.0.1").setEncoding("latin1");
        socket.write(
          request("POST /", "Content-Type: application/json", "Content-Length: 4").replace(
            /\r\n\r\n$/,
            "\r\n\r\n{",
          ),
        );
        Date.now = () => now() + hours * 3_600_000;
        // The connections are looked at every quarter of a second.
        await new Promise((resolve) => setTimeout(resolve, 600));
        let text = "";
        socket.on("data", (chunk) => {
          text += chunk;
        });
        socket.write("  }");
        await once(socket, "close");
        assert.match(text, / 200 /, `${hours}`);
      }
    } finally {
      Date.now = now;
    }
  });
});
