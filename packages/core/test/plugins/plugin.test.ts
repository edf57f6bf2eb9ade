import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { App, hook, PluginError, plugin, Router, reply, StateError } from "@miqro/core";

const named = (name: string, steps: string[], more: object = {}) =>
  plugin({ name, setup: () => void steps.push(name), ...more });

describe("plugin", () => {
  it("is set up once, in order and before anything is served", async () => {
    const steps: string[] = [];
    const slow = plugin({
      name: "slow",
      async setup(router) {
        await wait(5);
        steps.push("slow");
        router.register(named("nested", steps)).get("/slow", () => "slow");
      },
    });
    const inner = new Router().register(named("inner", steps)).register(slow);
    const app = new App().use("/inner", inner).register(slow).register(slow).register(named("last", steps));
    const answers = await Promise.all([app.inject("/slow"), app.inject("/slow")]);
    assert.deepEqual(
      answers.map((answer) => answer.text()),
      ["slow", "slow"],
    );
    assert.deepEqual(steps, ["slow", "nested", "last", "inner"]);
  });

  it("sets up what routers bring that it mounts", async () => {
    const steps: string[] = [];
    const app = new App().register(
      plugin({
        name: "mounting",
        setup: (router) => router.use("/inner", new Router().register(named("inner", steps))),
      }),
    );
    await app.ready();
    assert.deepEqual(steps, ["inner"]);
  });

  it("finds its dependencies in its scope or around it", async () => {
    const steps: string[] = [];
    const inner = new Router().register(named("users", steps, { dependencies: ["database"] }));
    await new App().register(named("database", steps)).use("/users", inner).ready();
    assert.deepEqual(steps, ["database", "users"]);
  });

  for (const [fact, needs, message] of [
    [
      "that is nowhere",
      { a: ["z"] },
      /"a" needs "z"\. It is not registered in the same scope or in one around it/,
    ],
    [
      "that comes behind",
      { a: ["b"], b: [] },
      /"a" needs "b"\. It is registered after "a"\. Register it before/,
    ],
    ["in a circle", { a: ["b"], b: ["c"], c: ["a"] }, /in a circle: a -> b -> c -> a/],
  ] as const) {
    it(`names a dependency ${fact}`, async () => {
      const app = new App();
      for (const [name, dependencies] of Object.entries(needs))
        app.register(named(name, [], { dependencies }));
      await assert.rejects(
        app.inject("/"),
        (error) => error instanceof PluginError && message.test(error.message),
      );
    });
  }

  it("is named where it fails or takes too long", async () => {
    const failing = new App().register(
      plugin({
        name: "database",
        setup() {
          throw new Error("no connection");
        },
      }),
    );
    await assert.rejects(failing.listen({ port: 0 }), (error: PluginError) => {
      assert.deepEqual(
        [error.code, error.plugin, error.message, (error.cause as Error).message],
        ["CORE_PLUGIN_FAILED", "database", 'The plugin "database" failed: no connection', "no connection"],
      );
      return true;
    });
    const slow = new App({ bootTimeout: 20 }).register(
      plugin({ name: "slow", setup: () => new Promise(() => {}) }),
    );
    await assert.rejects(slow.inject("/"), /The plugin "slow" did not settle within 20 ms\..*bootTimeout/);
    const hooked = new App({ bootTimeout: 20 }).register(
      hook("ready", async function connect() {
        await new Promise(() => {});
      }),
    );
    await assert.rejects(hooked.ready(), /The plugin "ready hook connect" did not settle/);
  });

  it("tells register hooks of the scopes around it, before it is set up", async () => {
    const steps: string[] = [];
    const inner = new Router();
    inner.register(named("inner", steps)).hook("register", ({ name }, router) => {
      steps.push(`inner ${name} ${router === inner}`);
    });
    const app = new App().register(named("outer", steps)).use("/inner", inner);
    app.hook("register", ({ name }) => void steps.push(`app ${name}`));
    await app.ready();
    assert.deepEqual(steps, ["app outer", "outer", "app inner", "inner inner true", "inner"]);
  });

  it("is refused where it is none, has no name, comes twice under one name or too late", async () => {
    const app = new App();
    assert.throws(
      () => app.register((() => {}) as never),
      /takes a plugin.*not a function\. Write plugin\(\{ name, setup \}\)/,
    );
    assert.throws(() => plugin({ setup() {} } as never), /needs a `name`/);
    assert.throws(
      () => plugin({ name: "x", setpu() {} } as never),
      /has 2 faults:.*"setpu"\. Perhaps "setup"/s,
    );
    app.register(named("a", []));
    assert.throws(() => app.register(named("a", [])), /Two plugins of one router are called "a"/);
    await app.ready();
    assert.throws(
      () => app.register(named("b", [])),
      (error) => error instanceof StateError && /"b" is registered too late/.test(error.message),
    );
    assert.throws(
      () =>
        app.use(
          "/x",
          new Router().hook("ready", () => {}),
        ),
      /is registered too late/,
    );
    // A plugin that needs no start may be registered at any time, as middleware may.
    app.hook("request", () => new Response("hooked"));
    assert.equal((await app.inject("/")).text(), "hooked");
  });

  it("has to be set up before a router runs alone", async () => {
    const router = new Router().register(named("a", []));
    const app = new App().get("/", (req, res) => router.run(req, res));
    app.catch((error) => reply(400, { message: error.message }));
    assert.match((await app.inject("/")).text(), /whose plugins are set up/);
  });
});
