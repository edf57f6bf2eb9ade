import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { openSync } from "node:fs";
import { describe, it } from "node:test";

const program = `
  import { App } from "@miqro/core";
  const app = new App();
  app.get("/:level", (req) => {
    req.logger[req.params.level]("x".repeat(5000));
    return "ok";
  });
  const { port } = await app.listen({ port: 0, host: "127.0.0.1" });
  process.send(port);
  process.on("message", () => process.disconnect());
`;

describe("lines of a log", () => {
  for (const level of ["info", "error"]) {
    it(`are lost when their reader goes away, and the process lives (${level})`, async () => {
      const child = spawn(process.execPath, ["--input-type=module", "-e", program], {
        cwd: import.meta.dirname,
        stdio: ["ignore", "pipe", "pipe", "ipc"],
      });
      try {
        const [port] = await once(child, "message");
        const ask = async () => (await fetch(`http://127.0.0.1:${port}/${level}`)).text();
        assert.equal(await ask(), "ok");
        child.stdout?.destroy();
        child.stderr?.destroy();
        for (let count = 0; count < 20; count++) assert.equal(await ask(), "ok");
        assert.equal(child.exitCode, null);
      } finally {
        child.kill("SIGKILL");
      }
    });
  }

  it("are lost when the disk is full, with one line that says so", {
    skip: process.platform !== "linux",
  }, async () => {
    const child = spawn(process.execPath, ["--input-type=module", "-e", program], {
      cwd: import.meta.dirname,
      stdio: ["ignore", openSync("/dev/full", "w"), "pipe", "ipc"],
    });
    try {
      let told = "";
      child.stderr?.setEncoding("utf8").on("data", (part) => {
        told += part;
      });
      const [port] = await once(child, "message");
      const ask = async (level: string) => (await fetch(`http://127.0.0.1:${port}/${level}`)).text();
      for (let count = 0; count < 20; count++) assert.equal(await ask("info"), "ok");
      assert.equal(await ask("error"), "ok");
      assert.equal(
        told.match(/Lines of the log are lost, since stdout cannot be written: ENOSPC/g)?.length,
        1,
      );
    } finally {
      child.kill("SIGKILL");
    }
  });
});
