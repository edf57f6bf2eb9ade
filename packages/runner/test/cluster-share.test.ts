import assert from "node:assert/strict";
import { describe, it, type TestContext } from "node:test";
import { until } from "./support/cluster.js";
import { createNetwork, EventClient, Machine } from "./support/machines.js";
import { missingRedis, RedisServer } from "./support/redis.js";

interface Facts {
  readonly pid: number;
  readonly number: number;
  readonly primary: boolean;
  readonly visits?: number;
}

const workers = 3;

async function startMachines(test: TestContext) {
  const network = createNetwork(test);
  test.diagnostic(
    network.isReal ? "each machine has a network of its own" : "both machines share one network",
  );
  const server = await RedisServer.start(test, network.host);
  const env = { CLUSTER_COUNT: String(workers), MIQRO_BACKPLANE: server.url, MIQRO_APP: "chat" };
  const [one, two] = await Promise.all([
    Machine.start(test, network.host, [], env),
    Machine.start(test, network.second.host, network.second.command, env),
  ]);
  return { server, one, two };
}

/** What each worker of a machine tells of itself. */
async function factsOf(machine: Machine): Promise<Facts[]> {
  const facts = new Map<number, Facts>();
  await until(async () => {
    const told = JSON.parse(await machine.ask("/")) as Facts;
    facts.set(told.number, told);
    return facts.size === workers;
  });
  return [...facts.values()];
}

/** Clients on every worker of a machine. */
async function connectAll(test: TestContext, machine: Machine): Promise<EventClient[]> {
  const clients: EventClient[] = [];
  test.after(() => {
    for (const client of clients) client.close();
  });
  await until(async () => {
    clients.push(await EventClient.connect(machine));
    return new Set(clients.map(({ pid }) => pid)).size === workers;
  });
  return clients;
}

describe("the workers of one machine", () => {
  it("share events and caches without Redis, clients of a replaced worker miss nothing, and hear of one that died", async (test) => {
    const env = { CLUSTER_COUNT: String(workers) };
    const machine = await Machine.start(test, "127.0.0.1", [], env);
    const clients = await connectAll(test, machine);
    const texts = Array.from({ length: 40 }, (_, index) => `text ${index}`);
    for (const text of texts.slice(0, 20)) await machine.ask(`/publish?text=${encodeURIComponent(text)}`);
    await until(() => clients.every((client) => client.texts.length >= 20));
    for (const client of clients) assert.deepEqual(client.texts, texts.slice(0, 20));

    machine.child.kill("SIGHUP");
    for (const text of texts.slice(20)) await machine.ask(`/publish?text=${encodeURIComponent(text)}`);
    await until(() => machine.stderr.includes("All workers have been replaced."), 30_000);
    for (const client of clients) {
      client.close();
      const seen = client.texts.length;
      const again = await EventClient.connect(machine, client.lastId);
      await until(() => seen + again.texts.length >= 40);
      assert.deepEqual([...client.texts.slice(0, seen), ...again.texts], texts);
      assert.equal(again.resets, 0);
      again.close();
    }
    await Promise.all(Array.from({ length: 30 }, () => machine.ask("/visit")));
    await until(async () => (await factsOf(machine)).every(({ visits }) => visits === 30));
    const rest = await connectAll(test, machine);
    const victim = rest[0]?.pid ?? 0;
    process.kill(victim, "SIGKILL");
    const others = rest.filter(({ pid }) => pid !== victim);
    await until(() => others.every(({ resets }) => resets === 1));
    assert.deepEqual(
      (await factsOf(machine)).filter(({ primary }) => primary).map(({ number }) => number),
      [0],
    );
  });
});

describe("two machines", { skip: missingRedis() }, () => {
  it("bring every event to every client exactly once, in the order of its sender", async (test) => {
    const { one, two } = await startMachines(test);
    const clients = [...(await connectAll(test, one)), ...(await connectAll(test, two))];
    const publish = async (machine: Machine, name: string) => {
      for (let count = 0; count < 30; count++) await machine.ask(`/publish?text=${name}${count}`);
    };
    await Promise.all([publish(one, "one"), publish(two, "two")]);
    await until(() => clients.every(({ texts }) => texts.length >= 60));
    const inOrder = (name: string) => Array.from({ length: 30 }, (_, count) => `${name}${count}`);
    for (const { texts } of clients) {
      assert.equal(texts.length, 60);
      for (const name of ["one", "two"]) {
        assert.deepEqual(
          texts.filter((text) => text.startsWith(name)),
          inOrder(name),
        );
      }
    }
    await Promise.all([one, two, one, two].map((machine) => machine.ask("/visit")));
    for (const machine of [one, two]) {
      await until(async () => (await factsOf(machine)).every(({ visits }) => visits === 4));
    }
  });

  it("let a client go from one to the other, missing nothing and getting nothing twice", async (test) => {
    const { one, two } = await startMachines(test);
    const texts: string[] = [];
    const got: string[] = [];
    let lastId = "";
    for (let round = 0; round < 6; round++) {
      const [here, there] = round % 2 === 0 ? [one, two] : [two, one];
      const client = await EventClient.connect(here, lastId);
      const publish = async (machine: Machine) => {
        const text = `text${texts.length}`;
        texts.push(text);
        await machine.ask(`/publish?text=${text}`);
      };
      for (let count = 0; count < 5; count++) await publish(count % 2 === 0 ? here : there);
      if (round === 0) await until(() => client.texts.length === texts.length);
      else await until(() => got.length + client.texts.length >= texts.length);
      client.close();
      got.push(...client.texts);
      lastId = client.lastId;
      assert.equal(client.resets, 0);
      for (let count = 0; count < 5; count++) await publish(there);
    }
    const last = await EventClient.connect(two, lastId);
    await until(() => got.length + last.texts.length >= texts.length);
    assert.deepEqual([...got, ...last.texts], texts);
    last.close();
  });

  it("have one primary worker, and another when its machine goes", async (test) => {
    const { one, two } = await startMachines(test);
    const primaries = async () => {
      const all = [...(await factsOf(one)), ...(await factsOf(two))];
      return all.filter(({ primary }) => primary);
    };
    const first = await primaries();
    assert.equal(first.length, 1);
    assert.equal(first[0]?.number, 0);
    const isFirst = (await factsOf(one)).some(({ primary }) => primary);
    const [holder, other] = isFirst ? [one, two] : [two, one];
    assert.equal(await holder.stop(), 0);
    await until(async () => (await factsOf(other)).some(({ primary }) => primary));
  });

  it("serve their own clients while Redis is away, with one line each, and find together again", async (test) => {
    const { server, one, two } = await startMachines(test);
    const near = await connectAll(test, one);
    const far = await connectAll(test, two);
    await one.ask("/publish?text=both");
    await until(() => [...near, ...far].every(({ texts }) => texts.length === 1));
    await server.kill();
    await until(
      () => [one, two].every(({ stderr }) => countOf(stderr, "cannot be reached") === workers),
      20_000,
    );
    await one.ask("/publish?text=here");
    await until(() => near.every(({ texts }) => texts.at(-1) === "here"));
    assert.ok(far.every(({ texts }) => texts.length === 1));
    // A write to a cache waits for its place.
    const visiting = one.ask("/visit");

    await server.start();
    await until(
      () => [one, two].every(({ stderr }) => countOf(stderr, "is connected again") === workers),
      20_000,
    );
    await two.ask("/publish?text=again");
    await until(() => [...near, ...far].every(({ texts }) => texts.at(-1) === "again"));
    for (const { texts } of near) assert.deepEqual(texts, ["both", "here", "again"]);
    assert.equal((JSON.parse(await visiting) as Facts).visits, 1);
    for (const { stderr } of [one, two]) assert.equal(countOf(stderr, "cannot be reached"), workers);
    assert.equal(await one.stop(), 0);
    assert.equal(await two.stop(), 0);
  });
});

function countOf(text: string, part: string): number {
  return text.split(part).length - 1;
}
