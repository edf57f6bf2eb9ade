import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  createReadStream,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { ArgumentError, FileTransport, Logger, type LogRecord } from "@miqro/core";

const root = mkdtempSync(join(tmpdir(), "miqro-log-"));
after(() => rmSync(root, { recursive: true }));
let files = 0;
const newPath = (): string => join(mkdtempSync(join(root, "folder-")), `${++files}.log`);
const plain = ({ message }: Pick<LogRecord, "message">): string => String(message);
const readLines = (path: string): string[] => readFileSync(path, "utf8").split("\n").slice(0, -1);

function logTo(path: string, options: Record<string, unknown> = {}) {
  const transport = new FileTransport({ path, ...options });
  const logger = new Logger("A", "info", { transports: [transport], formatter: plain });
  return { transport, logger };
}

/** Runs a program with a logger that writes to a file. */
function runProgram(code: string, path: string, extra = "") {
  const source = `
    import { FileTransport, Logger } from "@miqro/core";
    const logger = new Logger("A", "info", {
      transports: [new FileTransport({ path: ${JSON.stringify(path)}, ${extra} })],
      formatter: ({ message }) => message,
    });
    ${code}`;
  return spawnSync(process.execPath, ["--input-type=module", "-e", source], {
    cwd: import.meta.dirname,
    encoding: "utf8",
  });
}

describe("FileTransport", () => {
  it("appends lines in their order, and says when they are there", async () => {
    const path = newPath();
    writeFileSync(path, "earlier\n");
    const { logger, transport } = logTo(path);
    for (let count = 0; count < 5000; count++) logger.info(`line ${count}`);
    await logger.flush();
    const expected = ["earlier", ...Array.from({ length: 5000 }, (_, count) => `line ${count}`)];
    assert.deepEqual(readLines(path), expected);
    await logger.flush();
    logger.info("é\u{1f600}");
    await transport.close();
    assert.equal(readLines(path).at(-1), "é\u{1f600}");
    await transport.close();
  });

  it("writes without being asked, and does not keep the process alive", async () => {
    const path = newPath();
    const { logger, transport } = logTo(path);
    logger.info("one");
    while (!existsSync(path) || readLines(path).length === 0)
      await new Promise((done) => setTimeout(done, 5));
    await transport.close();
  });

  for (const [name, end] of Object.entries({
    "at its natural end": "",
    "by process.exit": "process.exit(3)",
    "by process.exit while a thread writes":
      "await new Promise((done) => setTimeout(done, 12)); for (let n = 0; n < 3000; n++) logger.info('more ' + n + 'x'.repeat(500)); process.exit(3)",
    "by an exception": "throw new Error('broken')",
    "by a rejection": "await Promise.reject(new Error('broken'))",
  })) {
    it(`loses no line of a process that ends ${name}`, () => {
      const path = newPath();
      runProgram(`for (let n = 0; n < 20000; n++) logger.info('line ' + n); ${end}`, path);
      const lines = readLines(path);
      assert.deepEqual(
        lines.slice(0, 20_000),
        Array.from({ length: 20_000 }, (_, count) => `line ${count}`),
      );
      assert.equal(lines.length, name.includes("thread") ? 23_000 : 20_000);
      if (name.includes("thread")) assert.ok(lines.at(-1)?.startsWith("more 2999x"));
    });
  }

  it("loses no line that goes to a pipe which is read slowly", async () => {
    const source = `
      import { Logger } from "@miqro/core";
      const logger = new Logger("A", "info", { formatter: ({ message }) => message });
      for (let n = 0; n < 20000; n++) logger.info("line " + n);
      process.exit();`;
    const child = spawn(process.execPath, ["--input-type=module", "-e", source], {
      cwd: import.meta.dirname,
      stdio: ["ignore", "pipe", "inherit"],
    });
    let text = "";
    for await (const part of child.stdout) {
      text += part;
      await new Promise((done) => setImmediate(done));
    }
    assert.deepEqual(
      text.split("\n").slice(0, -1),
      Array.from({ length: 20_000 }, (_, count) => `line ${count}`),
    );
  });

  it("loses no line that goes to a named pipe which is read slowly", async () => {
    const path = newPath();
    spawnSync("mkfifo", [path]);
    // More than the pipe holds.
    const source = `
      import { FileTransport, Logger } from "@miqro/core";
      const transports = [new FileTransport(${JSON.stringify(path)})];
      const logger = new Logger("A", "info", { transports, formatter: ({ message }) => message });
      for (let n = 0; n < 20000; n++) logger.info("line " + n);
      process.exit();`;
    const reader = createReadStream(path, { encoding: "utf8", highWaterMark: 4096 });
    const child = spawn(process.execPath, ["--input-type=module", "-e", source], {
      cwd: import.meta.dirname,
      stdio: ["ignore", "inherit", "inherit"],
    });
    const ended = once(child, "exit");
    let text = "";
    for await (const part of reader) {
      text += part;
      await new Promise((done) => setImmediate(done));
    }
    assert.deepEqual(
      text.split("\n").slice(0, -1),
      Array.from({ length: 20_000 }, (_, count) => `line ${count}`),
    );
    await ended;
  });

  it("begins a new file when one is full, and keeps so many", async () => {
    const path = newPath();
    const { logger, transport } = logTo(path, { maxSize: 1000, maxFiles: 3 });
    for (let count = 0; count < 100; count++) {
      logger.info(`line ${count} ${"x".repeat(90)}`);
      await logger.flush();
    }
    await transport.close();
    assert.deepEqual(readdirSync(join(path, "..")).length, 4);
    const kept = ["3", "2", "1", ""].flatMap((number) =>
      readLines(number === "" ? path : `${path}.${number}`),
    );
    assert.equal(kept.at(-1)?.slice(0, 8), "line 99 ");
    // Nothing is missing or twice among those that are kept.
    const numbers = kept.map((line) => Number(line.split(" ")[1]));
    for (const [index, number] of numbers.entries()) assert.equal(number, (numbers[0] ?? 0) + index);
    for (const name of readdirSync(join(path, "..")))
      assert.ok(statSync(join(path, "..", name)).size <= 1000);
    const none = newPath();
    const other = logTo(none, { maxSize: 10, maxFiles: 0 });
    for (const line of ["first line", "second line"]) {
      other.logger.info(line);
      await other.logger.flush();
    }
    await other.transport.close();
    assert.deepEqual([readdirSync(join(none, "..")).length, readLines(none)], [1, ["second line"]]);
  });

  it("begins a new file at a signal, unless somebody has moved the old one", {
    skip: process.platform === "win32",
  }, async () => {
    const path = newPath();
    const { logger, transport } = logTo(path, { signal: "SIGHUP" });
    logger.info("one");
    await logger.flush();
    process.kill(process.pid, "SIGHUP");
    while (!existsSync(`${path}.1`)) await new Promise((done) => setTimeout(done, 5));
    logger.info("two");
    await logger.flush();
    assert.deepEqual([readLines(`${path}.1`), readLines(path)], [["one"], ["two"]]);
    renameSync(path, `${path}.moved`);
    process.kill(process.pid, "SIGHUP");
    while (!existsSync(path)) await new Promise((done) => setTimeout(done, 5));
    logger.info("three");
    await transport.close();
    assert.deepEqual([readLines(path), readLines(`${path}.moved`)], [["three"], ["two"]]);
    assert.deepEqual(readLines(`${path}.1`), ["one"]);
    assert.equal(process.listenerCount("SIGHUP"), 0);
  });

  it("goes on in a new file when the old one was moved, removed or cut", async () => {
    const path = newPath();
    const { logger, transport } = logTo(path);
    const untilIn = async (line: string): Promise<void> => {
      while (!existsSync(path) || !readLines(path).includes(line)) {
        logger.info(line);
        await logger.flush();
        await new Promise((done) => setTimeout(done, 20));
      }
    };
    await untilIn("one");
    renameSync(path, `${path}.1`);
    await untilIn("two");
    unlinkSync(path);
    await untilIn("three");
    truncateSync(path);
    await untilIn("four");
    assert.ok(!readLines(path).includes("three"));
    await transport.close();
  });

  it("keeps lines while the disk is full, tells once, and writes them when it is not", {
    skip: process.platform !== "linux",
  }, () => {
    const path = newPath();
    symlinkSync("/dev/full", path);
    const { stderr } = runProgram(
      `
      import { unlinkSync } from "node:fs";
      logger.info("one");
      const error = await logger.flush().catch((error) => error);
      logger.info("two");
      await logger.flush().catch(() => {});
      unlinkSync(${JSON.stringify(path)});
      logger.info("three " + error.code);
      await logger.flush();
      logger.info("four");`,
      path,
    );
    assert.deepEqual(readLines(path), ["one", "two", "three ENOSPC", "four"]);
    assert.equal(stderr.match(/cannot be written: ENOSPC/g)?.length, 1);
  });

  it("bounds what waits, and counts what is lost", { skip: process.platform !== "linux" }, () => {
    const full = runProgram(
      "logger.info('x'); await logger.flush().catch(() => {}); for (let n = 0; n < 10000; n++) logger.info('y'.repeat(99));",
      "/dev/full",
      'maxBuffered: "10kb"',
    );
    assert.equal(full.status, 0);
    assert.match(full.stderr, /cannot be written: ENOSPC/);
    const lost = [...full.stderr.matchAll(/(\d+) lines of the log file \/dev\/full are lost/g)];
    assert.equal(
      lost.reduce((sum, [, count]) => sum + Number(count), 0),
      10_001,
    );
    const missing = runProgram("logger.info('x')", join(root, "no", "such", "folder.log"));
    assert.equal(missing.status, 0);
    assert.match(missing.stderr, /cannot be written: ENOENT[^\n]*\n1 lines? of the log file/);
  });

  it("takes a level of its own", async () => {
    const [all, urgent] = [newPath(), newPath()];
    const transports = [new FileTransport(all), new FileTransport({ path: urgent, level: "warn" })];
    const logger = new Logger("A", "debug", { transports, formatter: plain });
    for (const level of ["error", "warn", "info", "debug", "trace"] as const) logger[level](level);
    await logger.close();
    assert.deepEqual(readLines(all), ["error", "warn", "info", "debug"]);
    assert.deepEqual(readLines(urgent), ["error", "warn"]);
  });

  it("tells all faults of its options at once", () => {
    const options = { path: "", level: "loud", maxSize: "big", maxFiles: -1, signal: "SIGKILL", size: 1 };
    assert.throws(
      () => new FileTransport(options as never),
      (error: ArgumentError) =>
        error instanceof ArgumentError &&
        error.issues.map(({ path }) => path).join() === Object.keys(options).join(),
    );
    for (const one of [{}, undefined, ""])
      assert.throws(() => new FileTransport(one as never), ArgumentError);
  });
});

describe("lines with secrets and control characters", () => {
  const linesOf = (redact: readonly string[] | undefined, ...values: [unknown, ...unknown[]]): string => {
    const lines: string[] = [];
    const transports = [{ write: ({ out }: LogRecord) => void lines.push(out) }];
    new Logger("A", "info", { transports, ...(redact && { redact }) }).info(...values);
    return lines.join("\n");
  };

  it("have no values of fields that are secret, wherever they are", () => {
    const loop: Record<string, unknown> = { password: "s3cret" };
    loop.self = loop;
    class Account {
      password = "s3cret";
      name = "ada";
    }
    const values: Record<string, unknown> = {
      field: { password: "s3cret" },
      deep: { a: [{ b: { Authorization: "s3cret" } }] },
      "a map": new Map([["cookie", "s3cret"]]),
      headers: new Headers({ cookie: "s3cret" }),
      "raw headers": { rawHeaders: ["Host", "x", "Cookie", "s3cret"] },
      error: Object.assign(new Error("failed"), { password: "s3cret" }),
      cause: new Error("failed", { cause: { password: "s3cret" } }),
      class: new Account(),
      loop,
      object: { password: { old: "s3cret" } },
      "no prototype": Object.assign(Object.create(null), { PASSWORD: "s3cret" }),
    };
    for (const [name, value] of Object.entries(values)) {
      const inspected = JSON.stringify(String(linesOf([], "%o", value)));
      for (const line of [
        linesOf(undefined, value),
        linesOf(undefined, "%o", value),
        linesOf(undefined, "x", value),
      ]) {
        assert.doesNotMatch(line, /s3cret/, name);
        assert.match(line, /\[redacted\]|failed|Object/, `${name}: ${inspected}`);
      }
    }
    assert.match(
      linesOf(undefined, { user: "ada", passwords: 3, password: undefined }),
      /user: 'ada', passwords: 3/,
    );
    assert.match(
      linesOf(undefined, "x", new Account()),
      /Account \{ password: '\[redacted\]', name: 'ada' \}/,
    );
    // The headers of a request and of an answer.
    for (const name of ["cookie", "Set-Cookie", "Proxy-Authorization", "sec-websocket-protocol"])
      assert.doesNotMatch(linesOf(undefined, { [name]: ["s3cret"] }), /s3cret/, name);
    assert.match(linesOf(undefined, "%j", { cookie: "s3cret", a: 1 }), /{"cookie":"\[redacted\]","a":1}/);
  });

  it("have what a logger is told to hide in its place, and the value itself stays as it is", () => {
    const value = { password: "p", token: "s3cret", list: [1] };
    assert.match(linesOf(["token"], value), /password: 'p', token: '\[redacted\]'/);
    assert.deepEqual(value, { password: "p", token: "s3cret", list: [1] });
    assert.match(linesOf([], value), /s3cret/);
    const getter = {
      get broken(): never {
        throw new Error("no");
      },
    };
    assert.match(linesOf(undefined, getter), /cannot be searched/);
  });

  it("are one line each, whatever a client sends", async () => {
    const path = newPath();
    const transport = new FileTransport(path);
    const logger = new Logger("A", "info", { transports: [transport] });
    const hostile = Array.from({ length: 0xa0 }, (_, code) => String.fromCharCode(code)).join("");
    for (const one of [hostile, "\r\n2026 ERROR forged", "\u2028forged", "\u001b[2J", "\ud800", "%s %d %%"]) {
      logger.info(`GET ${one}`);
      logger.info("GET %s", one);
    }
    await transport.close();
    const lines = readLines(path);
    assert.equal(lines.length, 12);
    for (const line of lines) {
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these must not be there
      assert.doesNotMatch(line, /[\x00-\x08\x0a-\x1f\x7f-\x9f\u2028\u2029]/);
      assert.match(line, /^\d{4}-\d\d-\d\dT[\d:.]+Z INFO \[A\] GET /);
    }
  });

  it("come once for each request at `info` where an app is told so", async () => {
    const { serve } = await import("./support/serve.js");
    await using server = await serve((app) => app.get("/a/:id", () => "ok"), { logRequests: true });
    await server.fetch("/a/1?token=s3cret");
    await server.fetch("/none", { method: "POST" });
    await server.raw("GET /%zz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    const lines = server.lines.filter(({ level }) => level === "info").map(({ out }) => out.slice(25));
    assert.match(lines[0] ?? "", /^INFO \[A_ID_GET\] GET \/a\/1\?token=\*\*\* 200 [\d.]+ms \[[\w-]+\]/);
    assert.match(lines[1] ?? "", /POST \/none 404 /);
    assert.match(lines[2] ?? "", /GET \/%zz 400 /);
    assert.equal(lines.length, 3);
    await using quiet = await serve((app) => app.get("/", () => "ok"));
    await quiet.fetch("/");
    assert.equal(quiet.lines.length, 0);
  });
});
