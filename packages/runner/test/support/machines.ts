import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { type IncomingMessage, request } from "node:http";
import { createInterface } from "node:readline";
import type { TestContext } from "node:test";
import { fileURLToPath } from "node:url";
import { fixture, until } from "./cluster.js";
import { findRedis } from "./redis-package.js";

const bin = fileURLToPath(new URL("../../bin/miqro-runner.js", import.meta.url));

/** Where the processes of a test run: each machine in a network of its own, where the system lets the test make one. */
export interface Network {
  readonly isReal: boolean;
  /** The address of the first machine. */
  readonly host: string;
  /** The address of the second machine, and the command that runs a program there. */
  readonly second: { readonly host: string; readonly command: readonly string[] };
}

let networks = 0;

/** Connects two networks by a virtual cable; without the right to do so, both machines are this one. */
export function createNetwork(test: TestContext): Network {
  const name = `mq${process.pid % 100_000}${++networks}`;
  const subnet = `10.${200 + (networks % 50)}.${process.pid % 250}`;
  const host = `${subnet}.1`;
  const second = `${subnet}.2`;
  const ip = (...args: readonly string[]) => spawnSync("ip", args).status === 0;
  test.after(() => {
    ip("link", "del", `${name}a`);
    ip("netns", "del", name);
  });
  const isReal =
    ip("netns", "add", name) &&
    ip("link", "add", `${name}a`, "type", "veth", "peer", "name", `${name}b`, "netns", name) &&
    ip("addr", "add", `${host}/30`, "dev", `${name}a`) &&
    ip("link", "set", `${name}a`, "up") &&
    ip("-n", name, "addr", "add", `${second}/30`, "dev", `${name}b`) &&
    ip("-n", name, "link", "set", `${name}b`, "up") &&
    ip("-n", name, "link", "set", "lo", "up");
  if (isReal) return { isReal, host, second: { host: second, command: ["ip", "netns", "exec", name] } };
  return { isReal, host: "127.0.0.1", second: { host: "127.0.0.1", command: [] } };
}

/** One machine that runs a script under `miqro-runner`. */
export class Machine {
  readonly host: string;
  readonly child: ChildProcess;
  port = 0;
  stderr = "";

  static async start(
    test: TestContext,
    host: string,
    command: readonly string[],
    env: Record<string, string>,
  ): Promise<Machine> {
    const machine = new Machine(host, command, env);
    test.after(() => machine.child.kill("SIGKILL"));
    const workers = Number(env.CLUSTER_COUNT);
    let listening = 0;
    if (machine.child.stdout === null) throw new Error("The output is not read.");
    createInterface(machine.child.stdout).on("line", (line) => {
      machine.port = (JSON.parse(line) as { port: number }).port;
      listening++;
    });
    await until(() => {
      if (machine.child.exitCode !== null) throw new Error(`It ended: ${machine.stderr}`);
      return listening === workers;
    }, 30_000);
    return machine;
  }

  private constructor(host: string, command: readonly string[], env: Record<string, string>) {
    this.host = host;
    const args = [...command, process.execPath, ...findRedis, bin, fixture("relay-server.js")];
    this.child = spawn(args[0] ?? "", args.slice(1), {
      env: { ...process.env, HOST: host, ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.child.stderr?.setEncoding("utf8").on("data", (chunk: string) => {
      this.stderr += chunk;
    });
  }

  async ask(path: string): Promise<string> {
    const res = await open(this, path, {});
    let body = "";
    for await (const chunk of res.setEncoding("utf8")) body += chunk;
    return body;
  }

  async stop(): Promise<number | null> {
    this.child.kill("SIGTERM");
    if (this.child.exitCode !== null) return this.child.exitCode;
    const [code] = (await once(this.child, "exit")) as [number | null];
    return code;
  }
}

/** A client of an event stream, as a browser is one. */
export class EventClient {
  readonly texts: string[] = [];
  resets = 0;
  lastId = "";
  pid = 0;
  readonly #res: IncomingMessage;

  static async connect(machine: Machine, lastId = ""): Promise<EventClient> {
    const res = await open(machine, "/events", lastId === "" ? {} : { "Last-Event-ID": lastId });
    const client = new EventClient(res);
    await until(() => client.pid > 0);
    return client;
  }

  private constructor(res: IncomingMessage) {
    this.#res = res;
    let rest = "";
    res.on("error", () => {});
    res.setEncoding("utf8").on("data", (chunk: string) => {
      const events = (rest + chunk).split("\n\n");
      rest = events.pop() ?? "";
      for (const event of events) this.#read(event);
    });
  }

  close(): void {
    this.#res.destroy();
  }

  #read(event: string): void {
    if (event.startsWith(": ")) this.pid = Number(event.slice(2));
    else if (event.startsWith("event: reset")) this.resets++;
    else {
      const [, id = "", data = ""] = /^id: (.*)\ndata: (.*)$/.exec(event) ?? [];
      this.lastId = id;
      this.texts.push(JSON.parse(data) as string);
    }
  }
}

function open(machine: Machine, path: string, headers: Record<string, string>): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const { host, port } = machine;
    request({ host, port, path, headers, agent: false }, resolve).on("error", reject).end();
  });
}
