import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { afterEach, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { Setting } from "../dist/settings/setting.js";
import { settings } from "../dist/settings/table.js";
import { createProject, type Project } from "./support/project.js";

const run = promisify(execFile);
const program = fileURLToPath(new URL("../bin/miqro.js", import.meta.url));

let project: Project | undefined;
afterEach(() => project?.remove());

interface Result {
  readonly code?: number;
  readonly stdout: string;
  readonly stderr: string;
}

async function print(
  files: Readonly<Record<string, string>>,
  args: readonly string[] = [],
  env: NodeJS.ProcessEnv = {},
): Promise<Result> {
  project = await createProject(files);
  const { PATH } = process.env;
  return run(process.execPath, [program, "--config-print", ...args], {
    cwd: project.path,
    env: { PATH, ...env },
  }).catch((error) => error);
}

describe("--config-print", () => {
  it("tells every setting of the table, one a line", async () => {
    const { stdout } = await print({});
    const names = stdout
      .trim()
      .split("\n")
      .map((line) => line.split(" ")[0]);
    assert.deepEqual(names, Object.keys(settings));
    assert.ok(Object.values<Setting>(settings).length > 20);
  });

  it("tells of each value where it came from", async () => {
    const { stdout } = await print(
      {
        "miqro.json": '{ "services": ["app"], "name": "shop", "envFile": ".env", "logFile": false }',
        ".env": "HTTPS_KEY=key.pem\nLOG_LEVEL_POSTS_GET=debug\n",
      },
      ["--port", "81", "--allowed-host", "a.test"],
      { PORT: "82", LOG_LEVEL: "warn", LOG_LEVEL_WORKER_0: "trace" },
    );
    for (const line of [
      /^port +81 +--port$/m,
      /^allowedHosts +\["a\.test"\] +--allowed-host$/m,
      /^name +shop +miqro\.json$/m,
      /^logFile +false +miqro\.json$/m,
      /^httpsKey +key\.pem +HTTPS_KEY in \S*\.env$/m,
      /^logLevel +warn +LOG_LEVEL of the environment$/m,
      /^LOG_LEVEL_POSTS_GET +debug +LOG_LEVEL_POSTS_GET in \S*\.env$/m,
      /^LOG_LEVEL_WORKER_0 +trace +LOG_LEVEL_WORKER_0 of the environment$/m,
      /^logFormat +text +default$/m,
      /^host +- +default: all, 127\.0\.0\.1 with --watch$/m,
      /^https +- +not set$/m,
    ]) {
      assert.match(stdout, line);
    }
  });

  it("masks what is secret", async () => {
    const { stdout } = await print({}, ["--name", "shop"], {
      MIQRO_BACKPLANE: "rediss://me:hunter2@10.0.0.5:6379",
    });
    assert.match(stdout, /^backplane +rediss:\/\/\*\*\*@10\.0\.0\.5:6379 +MIQRO_BACKPLANE/m);
    assert.doesNotMatch(stdout, /hunter2|me:/);
  });

  const faults: readonly (readonly [args: string[], env: NodeJS.ProcessEnv, says: RegExp])[] = [
    [
      ["--port", "80a", "--https-redirect", "0"],
      { HTTPS: "yes", LOG_LEVEL: "loud" },
      /--port is "80a".*\n.*--https-redirect is 0.*\n.*HTTPS is "yes", but must be true or false|HTTPS is "yes", but must be true or false/,
    ],
    [[], { MIQRO_BACKPLANE: "redis://x" }, /the server needs its own name/],
    [
      [],
      { MIQRO_BACKPLANE: "memcached" },
      /MIQRO_BACKPLANE is "memcached", but must be "ipc", or the URL of a Redis/,
    ],
    [["--hot-reload"], {}, /--hot-reload has an effect only with --watch\. Add --watch/],
    [
      ["--config", "x.json", "--disable-miqrojson"],
      {},
      /--config and --disable-miqrojson exclude each other/,
    ],
  ];
  for (const [args, env, says] of faults) {
    it(`ends with 10, as a start does, for ${[...args, ...Object.keys(env)].join(" ")}`, async () => {
      const { code, stderr } = await print({}, args, env);
      assert.equal(code, 10);
      assert.match(stderr, says);
    });
  }

  it("tells all faults of flags, variables and miqro.json at once", async () => {
    const { stderr } = await print({ "miqro.json": '{ "nme": "x", "https": "on" }' }, ["--port", "80a"], {
      LOG_LEVEL: "loud",
      HTTPS_REDIRECT: "x",
    });
    const lines = stderr.trim().split("\n");
    assert.equal(lines.length, 5, stderr);
    assert.deepEqual(
      lines.map((line) => /nme|"https"|--port|HTTPS_REDIRECT|LOG_LEVEL/.exec(line)?.[0]),
      ["nme", '"https"', "--port", "HTTPS_REDIRECT", "LOG_LEVEL"],
    );
  });
});

describe("--help", () => {
  it("fits 80 columns, and names every flag and variable", async () => {
    const { stdout } = await print({}, ["--help"]);
    for (const line of stdout.split("\n")) assert.ok(line.length <= 80, line);
    for (const { flag, env } of Object.values<Setting>(settings)) {
      if (flag !== undefined) assert.match(stdout, new RegExp(`--${flag.name}\\b`));
      if (env !== undefined) assert.match(stdout, new RegExp(`\\b${env}\\b`));
    }
  });
});
