import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { describe, it } from "node:test";
import { inspect } from "node:util";
import { ArgumentError, Logger, type LogRecord } from "@miqro/core";

function run(code: string, env: Record<string, string>): { stdout: string; stderr: string } {
  const source = `import { Logger } from "@miqro/core"; ${code}`;
  const { stdout, stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", source], {
    cwd: new URL(".", import.meta.url),
    env: { PATH: process.env.PATH ?? "", ...env },
    encoding: "utf8",
  });
  return { stdout, stderr };
}

describe("Logger", () => {
  it("writes levels up to its own, errors and warnings to stderr", () => {
    const code =
      'const l = new Logger("X"); for (const k of ["error","warn","info","debug","trace"]) l[k]("%s-%d", k, 1)';
    const { stdout, stderr } = run(code, { LOG_LEVEL: "debug" });
    assert.match(stdout, /^\S+ INFO \[X\] info-1\n\S+ DEBUG \[X\] debug-1\n$/);
    assert.match(stderr, /^\S+ ERROR \[X\] error-1\n\S+ WARN \[X\] warn-1\n$/);
  });

  it("takes whatever a transport returns, and tells of a promise that rejects", () => {
    const code = `
      for (const value of [undefined, 1, null, { then: 1 }, Promise.resolve(), Promise.reject(new Error("full"))])
        new Logger("X", "info", { transports: [{ write: () => value }] }).info("x");`;
    assert.deepEqual(run(code, {}), { stdout: "", stderr: "A log transport failed: full\n" });
  });

  it("takes the most exact variable of the environment", () => {
    const code = 'console.log(new Logger("POSTS_GET").level, new Logger("OTHER").level)';
    const env = {
      LOG_LEVEL: "error",
      LOG_LEVEL_WORKER_0: "warn",
      LOG_LEVEL_POSTS_GET: "debug",
      CLUSTER_NODE_NUMBER: "0",
    };
    assert.equal(run(code, env).stdout, "debug warn\n");
    assert.equal(run(code, { ...env, LOG_LEVEL_WORKER_0_POSTS_GET: "trace" }).stdout, "trace warn\n");
    assert.equal(run(code, {}).stdout, "info info\n");
    assert.match(run(code, { LOG_LEVEL: "loud" }).stderr, /LOG_LEVEL must be/);
    const app = 'import { App } from "@miqro/core"; new App()';
    for (const name of ["LOG_LEVEL", "LOG_LEVEL_USERS_GET"]) {
      assert.match(run(app, { [name]: "loud" }).stderr, new RegExp(`ArgumentError: ${name} must be`));
    }
    assert.equal(run(app, { LOG_LEVEL: "", LOG_LEVEL_USERS_GET: "DEBUG" }).stderr, "");
  });

  it("prints one JSON object a line with LOG_FORMAT=json", () => {
    const { stdout } = run('new Logger("A").info("a\\nb %j", { c: 1 })', { LOG_FORMAT: "json" });
    const { time, ...rest } = JSON.parse(stdout) as Record<string, unknown>;
    assert.ok(!Number.isNaN(Date.parse(String(time))));
    assert.deepEqual(rest, { level: "info", identifier: "A", message: 'a\nb {"c":1}' });
  });

  it("escapes control characters, so that no client can forge a line", () => {
    const records: LogRecord[] = [];
    const logger = new Logger("A", "info", {
      transports: [{ write: (record) => void records.push(record) }],
    });
    logger.info("GET %s", "/\n2026 ERROR forged\r\x1b[31m\u2028");
    assert.ok(records[0]?.out.endsWith("GET /\\n2026 ERROR forged\\x0d\\x1b[31m\\x2028"));
  });

  it("outlives transports that throw or reject, and values that cannot be printed", async () => {
    const code = `
      const l = new Logger("A", "info", { transports: [
        { write() { throw new Error("sync") } }, { async write() { throw new Error("async") } } ] });
      l.info("x");
      new Logger("A").info("%s", { get [Symbol.toStringTag]() { throw 1 } });
      new Logger("A").error(new Error("boom"));
      await null; console.log("alive")`;
    const { stdout, stderr } = run(code, {});
    assert.match(
      stderr,
      /failed: sync[\s\S]*boom[\s\S]*failed: async|failed: sync[\s\S]*failed: async[\s\S]*boom/,
    );
    assert.match(stdout, /alive/);
  });

  it("says whether a level is on, and refuses unknown ones", () => {
    const logger = new Logger("A", "warn");
    assert.deepEqual([logger.isEnabled("error"), logger.isEnabled("info")], [true, false]);
    assert.equal(new Logger("A", "none").isEnabled("error"), false);
    assert.throws(() => new Logger("A", "loud" as "info"), ArgumentError);
  });

  it("tells what lies behind an error, wherever it stands in the line", () => {
    const disk = Object.assign(new Error("disk is full"), { code: "ENOSPC", socket: { secret: "hidden" } });
    const order = new Error("the order was not saved", { cause: disk });
    const refused = new AggregateError(
      [new Error("refused ::1"), new Error("refused 127.0.0.1")],
      "all refused",
    );
    const loop = new Error("loop");
    loop.cause = loop;
    const many = new AggregateError(Array.from({ length: 12 }, (_, index) => new Error(`no. ${index}`)));
    const rows: [values: [unknown, ...unknown[]], expected: RegExp[]][] = [
      [[order], [/the order was not saved/, /\n {4}caused by Error: disk is full/, /code: 'ENOSPC'/]],
      [
        ["saving", order],
        [/saving Error: the order was not saved/, /caused by Error: disk is full/],
      ],
      [["saving %s", order], [/caused by Error: disk is full/]],
      [["saving %o", 1, order], [/caused by Error: disk is full/]],
      [[refused], [/all refused/, /one of Error: refused ::1/, /one of Error: refused 127\.0\.0\.1/]],
      [
        [new Error("out", { cause: refused })],
        [/caused by AggregateError: all refused/, /one of Error: refused ::1/],
      ],
      [[new Error("out", { cause: "a string" })], [/caused by 'a string'/]],
      [[new Error("out", { cause: null })], [/caused by null/]],
      [[loop], [/caused by Error: loop/]],
      [[many], [/no\. 9/, /and 2 more/]],
    ];
    for (const format of [undefined, "json"]) {
      for (const [values, expected] of rows) {
        const lines: string[] = [];
        process.env.LOG_FORMAT = format ?? "";
        const logger = new Logger("A", "info", {
          transports: [{ write: ({ out }) => void lines.push(out) }],
        });
        delete process.env.LOG_FORMAT;
        logger.error(...values);
        const [line = ""] = lines;
        const text = format === "json" ? String(JSON.parse(line).message) : line;
        for (const one of expected) assert.match(text, one);
        assert.doesNotMatch(text, /hidden/);
        // Each line of an error is set in, so that none can be taken for a line of its own.
        for (const next of text.split("\n").slice(1)) assert.match(next, /^ {4}/);
      }
    }
  });
});

describe("a secret in a logged value", () => {
  const lines: string[] = [];
  const logger = new Logger("X", "info", { transports: [{ write: ({ out }) => void lines.push(out) }] });
  const write = (format: string, value: unknown): string => {
    lines.length = 0;
    logger.info(format, value);
    return lines.join();
  };

  for (const [name, value] of Object.entries<unknown>({
    "a set": new Set([{ password: "s3cret" }]),
    "a set in a map": new Map([["a", new Set([{ password: "s3cret" }])]]),
    "a key of a map": new Map([[{ password: "s3cret" }, 1]]),
    "a field with a symbol": { [Symbol("headers")]: { authorization: "s3cret" } },
    "a hidden field": Object.defineProperty({}, "password", { value: "s3cret" }),
    "a function with fields": Object.assign(() => {}, { password: "s3cret" }),
    "a class with fields": Object.assign(class {}, { password: "s3cret" }),
    "a web request": new Request("http://a/", { headers: { authorization: "s3cret" } }),
    "a web response": new Response("", { headers: { "set-cookie": "s3cret" } }),
    "a web request in an error": Object.assign(new Error("x"), {
      request: new Request("http://a/", { headers: { cookie: "s3cret" } }),
    }),
    "a form": ((form) => {
      form.set("password", "s3cret");
      return form;
    })(new FormData()),
    "the password of a URL": { url: new URL("http://ann:s3cret@a/") },
    "the query of a URL": new URL("http://a/?a=1&password=s3cret"),
    "a cycle": ((a: Record<string, unknown>) => {
      a.self = { a, password: "s3cret" };
      return a;
    })({}),
  })) {
    it(`is not written: ${name}`, () => {
      for (const format of ["%o", "%O", "%j", "%s"])
        assert.doesNotMatch(write(format, value), /s3cret/, format);
      assert.match(write("%o", value), /redacted| Error: x/);
    });
  }

  class Private {
    readonly #inner = "inner";
    toJSON(): string {
      return this.#inner;
    }
  }

  for (const [name, value, json] of [
    ["a date", new Date(0), '"1970-01-01T00:00:00.000Z"'],
    ["a buffer", Buffer.from("hi"), '{"type":"Buffer","data":[104,105]}'],
    ["a URL", new URL("http://a/b"), '"http://a/b"'],
    ["an object with private fields", new Private(), '"inner"'],
    ["a boxed string", Object("text"), '"text"'],
    ["a typed array", new Float32Array([1, 2]), '{"0":1,"1":2}'],
  ] as const) {
    it(`leaves the rest of the value as it is: ${name}`, () => {
      assert.ok(
        write("%j", { password: "s3cret", value }).endsWith(`{"password":"[redacted]","value":${json}}`),
      );
      assert.ok(write("%O", { password: "s3cret", value }).includes(inspect(value).split("\n", 1)[0] ?? ""));
    });
  }
});
